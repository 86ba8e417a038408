import {
  defineRule,
  fail,
  kindsOf,
  listed,
  notApplicable,
  notPrograms,
  pass,
  unknown,
} from '../../src/judge/rule.ts';
import { answersOf } from './answers.ts';

export default defineRule({
  title: 'It runs on the oldest system that is named',
  severity: 'medium',
  securitySeverity: 4.0,
  cwe: [1357],
  since: '0.2.0',
  rationale: `
What was built on a newer system than it has to run on does not start there: the loader stops at the first version of a symbol that
it does not have (\`version 'GLIBC_2.34' not found\`), or at a processor that lacks instructions. One new symbol is enough, and no test
on the build machine shows it. An update that does not start leaves the old, vulnerable one in use. The rule says nothing until the
policy names a system at [\`runs-on\`](policy.md#the-oldest-system-that-files-run-on).`,
  evidence: `
Each part that \`runs-on\` names is judged by what the file itself requires of its system (fact \`systemNeeds\`):

- \`glibc\`, \`libstdcxx\`: the highest version of symbols that the loader requires (\`DT_VERNEED\`, without weak ones), and \`DT_RELR\`, which
  loaders before glibc 2.36 and musl 1.2.4 pass over, in libraries that need no other too; later ones of glibc refuse it without the version \`GLIBC_ABI_DT_RELR\`. A program of a C library that is not named cannot run. Versions such as
  \`GLIBC_ABI_GNU2_TLS\` came with glibc 2.43 and with updates of older releases: there a file is \`unknown\`. So is a static program of glibc
  that may look for users or hosts (\`/etc/nsswitch.conf\`): it then opens libraries of its own release. Versions of the runtimes of C++ and of
  GCC (\`CXXABI_1.3.13\`, \`GCC_12.0.0\`) count as the libstdc++ that came with them;
- \`musl\`: its symbols have no versions, so a file that is linked with it is \`unknown\` unless \`DT_RELR\` decides it, or a function that a later
  release added (\`reallocarray\` in 1.2.2; known up to 1.2.5) and no other library that it needs may have;
- \`kernel\`: the note \`GNU_ABI_TAG\`. A static program without it is \`unknown\`;
- \`cpu\`: the note of the x86 instruction set that is needed, and the instructions of the code. It passes what has no instruction above
  the level. It fails what every run executes that gets through the start of the file (\`_start\`, initialisers, \`main\` and what they call on
  all of their paths), programs of Go that end themselves on less, and files without any code for vectors but that for AVX, where nothing
  asks the processor. Other files with instructions above the level are \`unknown\`: those with \`CPUID\`, IFUNC, \`getauxval\` and the
  like choose their code at run time, and of the rest it is not seen whether it is executed. A library in folders such as
  \`glibc-hwcaps/x86-64-v3\` alone is judged by that level, on which alone glibc takes it;
- \`page\`: what [\`page-size\`](#page-size) sees of pages up to that size, on machines whose kernels have several.

Libraries of other names are not judged: \`loadable\` does that where they lie.

    readelf -W --version-info --notes --segments FILE
    objdump -d FILE | grep -E '%[yz]mm|cpuid|popcnt'`,
  remediation: {
    gcc: 'Build in a container of the oldest system that is named: headers and libraries of a newer one bring its symbols. `-march=x86-64-v2` sets the processor, `-Wl,-z,max-page-size=65536` the pages, `-Wl,-z,nopack-relative-relocs` leaves DT_RELR out.',
    clang:
      'Build against the libraries of the oldest system (`--sysroot`), with `-march=x86-64-v2` and `-Wl,-z,max-page-size=65536` as it is named.',
    rustc:
      'Use the target `x86_64-unknown-linux-musl`, which is static, or build in a container of the oldest system, with `-C target-cpu=x86-64-v2`.',
    go: 'Build with `CGO_ENABLED=0`, which needs no C library, and `GOAMD64=v2` for the processor.',
  },
  references: [
    'https://refspecs.linuxfoundation.org/LSB_3.0.0/LSB-PDA/LSB-PDA.junk/symversion.html',
    'https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html',
    'https://gitlab.com/x86-psABIs/x86-64-ABI',
  ],
  exempt: {
    ...notPrograms,
    loader: 'a dynamic loader is a part of the system',
    ...kindsOf(['object'], 'object files are not loaded: the link decides'),
    ...kindsOf(['kernel-code'], (called) => `${called} is a part of the system`),
  },
  samples: {
    pass: [
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-static-none-stripped',
      'x86_64-glibc-gcc-pie-sse4',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-cxxassert',
      'aarch64-musl-gcc-pie-alpine',
      'x86_64-glibc-gcc-pie-avx',
    ],
    unknown: ['x86_64-glibc-gcc-pie-clones', 'x86_64-none-go-static-stripped'],
    'not-applicable': ['x86_64-glibc-gcc-object-hardened', 'x86_64-none-gcc-module-bare'],
  },
  setting: {
    fact: 'requiredSystem',
    without: 'the policy names no system that it has to run on (runs-on)',
    ofSamples: { glibc: '2.34', libstdcxx: '3.4.28', cpu: 'x86-64-v2', page: '4k' },
    neededFor: { processorCode: 'cpu', pageSizes: 'page' },
  },
  needs: [
    'requiredSystem',
    'systemNeeds',
    'processorCode',
    'pageSizes',
    'libc',
    'machine',
    'kind',
    'placement',
  ],
  check(facts) {
    const answers = answersOf(facts);
    const [failed, open, passed] = (['fail', 'unknown', 'pass'] as const).map((outcome) =>
      answers.filter((answer) => answer.outcome === outcome),
    );
    const evidence = answers.flatMap(({ evidence: own }) => own);
    const sayOf = (those = answers) => listed(those.map(({ says }) => says));
    if (failed !== undefined && failed.length > 0) return fail(sayOf(failed), evidence);
    if (open !== undefined && open.length > 0) return unknown(sayOf(open), evidence);
    if (passed === undefined || passed.length === 0)
      return notApplicable(
        `nothing that runs-on names decides about a file of ${facts.machine.name}`,
      );
    return pass(sayOf(passed), evidence);
  },
});
