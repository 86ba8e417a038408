import {
  defineRule,
  fail,
  type KnownFacts,
  kindsOf,
  notApplicable,
  notStarted,
  pass,
  unknown,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'Programs are started by the loader of the system',
  severity: 'high',
  otherSeverities: ['low'],
  securitySeverity: 7.8,
  cwe: [426, 427],
  since: '0.1.0',
  rationale: `
PT_INTERP names the file that the kernel starts in the program's place: the dynamic loader, which sees and controls
everything the program does. If the path is relative, it starts at the current directory; if it lies in a directory that
others may write, they choose the code, in setuid programs too. A path of one's own elsewhere is usually a leftover of
the machine that built the program, and a program whose loader is missing does not start ("not found").`,
  evidence: `
The path is compared with those that C libraries define for the machine: \`/lib64/ld-linux-x86-64.so.2\`,
\`/lib/ld-musl-aarch64.so.1\` and so on, with or without \`/usr\` in front; Android's and the BSDs' likewise. Relative paths
and those below \`/tmp\`, \`/var/tmp\`, \`/dev/shm\`, \`/home\` or \`/root\` weigh high, the immutable stores of Nix and Guix
pass, any other path weighs low. Whether the file is there is judged by \`musl-linkage\`.

\`readelf -lW FILE | grep interpreter\` shows it.`,
  remediation: {
    gcc: 'Remove `-Wl,--dynamic-linker=PATH` (`-Wl,-I`); the default is the standard path of the C library that is linked.',
    clang:
      'Remove `-Wl,--dynamic-linker=PATH`; cross builds for musl want `--target=ARCH-linux-musl`.',
    rustc: 'Remove `-C link-arg=-Wl,--dynamic-linker=PATH`.',
    go: 'Remove `-I PATH` from `-ldflags`; Go sets the path for GOOS and GOARCH, and for musl when cgo uses a compiler of musl.',
    zig: 'Choose the target (`-target x86_64-linux-gnu`, `-target x86_64-linux-musl`) instead of setting `--dynamic-linker`.',
    cmake: 'Remove the option from CMAKE_EXE_LINKER_FLAGS and from toolchain files.',
    image: '`patchelf --set-interpreter PATH FILE`, with the path of the loader of the image.',
  },
  references: [
    'https://man7.org/linux/man-pages/man8/ld.so.8.html',
    'https://sourceware.org/glibc/wiki/ABIList',
    'https://wiki.musl-libc.org/guidelines-for-distributions.html',
  ],
  exempt: {
    ...notStarted,
    ...kindsOf(['static-program'], 'static programs have no interpreter'),
    loader: 'a loader is the interpreter',
    object: 'object files are not started',
    'kernel-module': 'modules are not started',
  },
  samples: {
    pass: [
      'x86_64-other-clang-pie-fuchsia',
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
      'i386-glibc-gcc-pie-hardened',
      's390x-glibc-gcc-pie-hardened',
      'mips-glibc-gcc-nopie-bare',
      'ppc64le-musl-gcc-pie-hardened-stripped',
    ],
    fail: ['x86_64-glibc-gcc-pie-interpreter-relative', 'x86_64-glibc-gcc-pie-interpreter-tmp'],
    unknown: ['x86_64-none-gcc-staticpie-cut'],
    'not-applicable': [
      'x86_64-glibc-gcc-pie-truncated',
      'x86_64-glibc-gcc-lib-hardened',
      'x86_64-none-gcc-static-tiny',
      'x86_64-glibc-gcc-object-hardened',
    ],
  },
  needs: ['interpreter', 'machine', 'kind', 'otherSystem'],
  check({ interpreter, machine, kind, otherSystem }) {
    if (interpreter === null) {
      if (kind.kind !== 'executable') return notApplicable('the library is not started by itself');
      return unknown('the program needs libraries but names no interpreter');
    }
    const evidence = [{ what: 'PT_INTERP', saw: interpreter }];
    const says = `the interpreter is "${interpreter}"`;
    if (otherSystem?.name === 'Fuchsia')
      return pass(`${says}, a name that Fuchsia gives to its loader service`, evidence);
    if (kind.kind === 'executable-library' && !isStandard(interpreter, machine))
      return notApplicable('it is a library: the interpreter of the program that loads it counts', [
        ...evidence,
        ...kind.evidence,
      ]);
    if (!interpreter.startsWith('/')) {
      return fail(`${says}, relative to the directory in which the program is started`, evidence);
    }
    if (writable.test(interpreter)) {
      return fail(
        `${says}, in a place where others than the system's owner may put files`,
        evidence,
      );
    }
    if (store.test(interpreter)) return pass(`${says}, in an immutable store`, evidence);
    if (isStandard(interpreter, machine))
      return pass(`${says}, as usual on ${machine.name}`, evidence);
    return fail(`${says}, which no C library installs on ${machine.name}`, evidence, {
      severity: 'low',
    });
  },
});

const writable = /^\/(tmp|var\/tmp|dev\/shm|home|root|run\/user)\/|\/\.\.?\//;
const store = /^\/(nix|gnu)\/store\/[^/]+\/(.*\/)?(ld|ld64)[-.][^/]+$/;

/** What glibc, musl, uClibc and Android's and the BSDs' C libraries install, by compilers' names of machines. */
const byMachine: readonly { readonly machine: RegExp; readonly path: RegExp }[] = [
  { machine: /^x86-64$/, path: /^\/lib64\/ld-linux-x86-64\.so\.2$|^\/lib\/ld-musl-x86_64\.so\.1$/ },
  { machine: /^x32$/, path: /^\/libx32\/ld-linux-x32\.so\.2$|^\/lib\/ld-musl-x32\.so\.1$/ },
  { machine: /^i386$/, path: /^\/lib\/(ld-linux\.so\.2|ld-musl-i386\.so\.1)$/ },
  {
    machine: /^aarch64/,
    path: /^\/lib\/(ld-linux-aarch64(_be)?\.so\.1|ld-musl-aarch64(_be)?\.so\.1)$/,
  },
  {
    machine: /^arm/,
    path: /^\/lib\/(ld-linux(-armhf)?\.so\.3|ld-linux\.so\.2|ld-musl-arm(eb)?(hf)?\.so\.1)$/,
  },
  {
    machine: /^riscv/,
    path: /^\/lib\/(ld-linux-riscv(32-ilp32|64-lp64)[fd]?\.so\.1|ld-musl-riscv(32|64)(-s[fp])?\.so\.1)$/,
  },
  {
    machine: /^ppc64/,
    path: /^\/lib64\/ld64\.so\.[12]$|^\/lib\/ld-musl-powerpc64(le)?(-sf)?\.so\.1$/,
  },
  { machine: /^ppc(le)?$/, path: /^\/lib\/(ld\.so\.1|ld-musl-powerpc(-sf)?\.so\.1)$/ },
  { machine: /^s390/, path: /^\/lib\/(ld64\.so\.1|ld\.so\.1|ld-musl-s390x\.so\.1)$/ },
  {
    machine: /^mips/,
    path: /^\/lib(32|64)?\/(ld\.so\.1|ld-linux-mipsn8\.so\.1)$|^\/lib\/ld-musl-mips(64|n32)?(r6)?(el)?(-sf)?\.so\.1$/,
  },
  {
    machine: /^loongarch/,
    path: /^\/lib64\/ld-linux-loongarch-lp64[dfs]\.so\.1$|^\/lib\/ld-musl-loongarch64(-s[fp])?\.so\.1$/,
  },
  { machine: /^Sparc/, path: /^\/lib(64)?\/ld-linux\.so\.2$/ },
  { machine: /^(Alpha|Renesas)/, path: /^\/lib\/(ld-linux\.so\.2|ld-musl-sh[\w-]*\.so\.1)$/ },
  { machine: /^(HPPA|MC68000)/, path: /^\/lib\/(ld\.so\.1|ld-musl-m68k(-fp64|-sf)?\.so\.1)$/ },
  { machine: /^Intel IA-64/, path: /^\/lib\/ld-linux-ia64\.so\.2$/ },
  {
    machine: /./,
    path: /^\/lib\/ld(64)?-uClibc\.so\.[01]$|^\/system\/bin\/(bootstrap\/)?linker(64)?$/,
  },
  { machine: /./, path: /^\/libexec\/ld(-elf(32)?\.so\.[12]|\.elf_so|\.so)$/ },
  { machine: /^(x86-64|i386|Sparc)/, path: /^\/lib\/((amd64|64|sparcv9)\/)?ld\.so\.1$/ },
];

function isStandard(path: string, { name }: KnownFacts<'machine'>['machine']): boolean {
  const unmerged = path.replace(/^\/usr(?=\/lib)/, '');
  return byMachine.some(
    ({ machine, path: standard }) => machine.test(name) && standard.test(unmerged),
  );
}
