import {
  defineRule,
  fail,
  listed,
  mostFaults,
  notApplicable,
  notPrograms,
  pass,
  unknown,
} from '../../src/judge/rule.ts';
import { answersOf } from './listed.ts';

export default defineRule({
  title: 'It keeps to the lists of the policy',
  severity: 'medium',
  securitySeverity: 4.0,
  cwe: [1357, 676],
  since: '0.2.0',
  rationale: `
Many teams know what their programs are made of: which libraries they may need, which functions nobody is to call, which symbols a
library offers. A further library brings the code of others into the process, a function that was banned comes back with a copied file,
and each symbol that a library exports by accident can be relied on or replaced by others. The rule says nothing until the policy
has such a list at [\`allow\` or \`deny\`](policy.md#own-lists).`,
  evidence: `
- \`allow.needed\`: the names of \`DT_NEEDED\`, as they stand there. A glob without a slash does not allow a path. musl's loader answers itself for
  \`libc\`, \`libm\`, \`libpthread\` and the like, so a list with one of its names allows all of them to programs of musl. Names that a program may
  give to \`dlopen\` are shown as evidence if the list does not have them, and never fail: not every such text is opened.
- \`deny.imports\`: undefined dynamic symbols, weak ones too, and data of a library that was copied into the program; in an object file
  or a module, those of \`.symtab\`. A glob with an \`@\` is held against name and version (\`memcpy@GLIBC_2.14\`). A static program imports
  nothing: if \`.symtab\` names none of the functions it passes, otherwise, or stripped, it is \`unknown\`, since a C library calls functions of its own. What
  \`dlsym\` finds is not seen.
- \`allow.exports\`: dynamic symbols that the file defines and that others find, without copies of data of its libraries and the names of versions. An
  object file has none.

    readelf -W --dynamic --dyn-syms FILE`,
  remediation: {
    gcc: 'Remove the library from the link (`-Wl,--as-needed` leaves out what nothing uses), call what the reason of the entry names instead, and hide what is not meant for others: `-fvisibility=hidden`, or `-Wl,--version-script=FILE`.',
    clang:
      'The same: `-Wl,--as-needed`, `-fvisibility=hidden`, `-Wl,--version-script=FILE`. `clang-query` and `clang-tidy` find the calls.',
    rustc:
      'Look for the crate that links the library or calls the function: `cargo tree -i NAME-sys`. A `cdylib` exports only what is `#[no_mangle]`.',
    go: 'Such calls come from C code behind cgo: `CGO_ENABLED=0` builds without it.',
    cmake:
      'Take the library out of `target_link_libraries`, and set `CMAKE_C_VISIBILITY_PRESET` to `hidden`.',
  },
  references: [
    'https://gcc.gnu.org/wiki/Visibility',
    'https://sourceware.org/binutils/docs/ld/VERSION.html',
    'https://github.com/intel/safestringlib/wiki/SDL-List-of-Banned-Functions',
  ],
  exempt: {
    ...notPrograms,
    loader: 'a dynamic loader takes nothing from others, and offers what its programs need',
    kernel: 'the kernel takes nothing from others',
  },
  samples: {
    pass: ['x86_64-glibc-gcc-pie-hardened', 'x86_64-musl-gcc-pie-alpine'],
    fail: ['x86_64-glibc-gcc-pie-dangerous', 'x86_64-musl-gcc-pie-dangerous'],
    unknown: ['x86_64-musl-gcc-staticpie-strong-stripped'],
    'not-applicable': ['x86_64-musl-gcc-loader', 'x86_64-none-core'],
  },
  setting: {
    fact: 'ownLists',
    without: 'no list of the policy concerns it (allow, deny)',
    ofSamples: {
      needed: { names: ['libc.*'], origin: 'hullcheck.yaml:2' },
      denied: [{ names: ['gets', 'mktemp'], reason: 'never safe', origin: 'hullcheck.yaml:4' }],
      exports: { names: ['*'], origin: 'hullcheck.yaml:3' },
    },
    neededFor: { needed: 'needed', openedNames: 'needed', imports: 'denied', exports: 'exports' },
  },
  needs: ['ownLists', 'needed', 'imports', 'exports', 'openedNames', 'libc', 'linking'],
  degree(facts) {
    const faults = answersOf(facts).flatMap((answer) => answer.faults ?? []);
    return faults.length === 0 ? null : { faults: faults.toSorted().slice(0, mostFaults) };
  },
  check(facts) {
    const answers = answersOf(facts);
    if (answers.length === 0) return notApplicable('the lists that concern it are of linked files');
    const [failed, open] = (['fail', 'unknown'] as const).map((outcome) =>
      answers.filter((answer) => answer.outcome === outcome),
    );
    const evidence = answers.flatMap(({ evidence: own }) => own);
    const sayOf = (those: typeof answers) => listed(those.map(({ says }) => says));
    if (failed !== undefined && failed.length > 0) return fail(sayOf(failed), evidence);
    if (open !== undefined && open.length > 0) return unknown(sayOf(open), evidence);
    return pass(sayOf(answers), evidence);
  },
});
