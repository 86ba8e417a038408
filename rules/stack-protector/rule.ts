import {
  count,
  defineRule,
  type Evidence,
  fail,
  type KnownFacts,
  notApplicable,
  notPrograms,
  pass,
  percent,
  thresholds,
  unknown,
  type Verdict,
} from '../../src/judge/rule.ts';
import { canaryDegree } from './degree.ts';
import {
  evidenceOf,
  evidenceOfRuntime,
  mixedMessage,
  onlyLibcMessage,
  partialMessage,
  protectedMessage,
  runtimeMessage,
  runtimesOf,
  type StackProtector,
  unprotectedCMessage,
} from './messages.ts';

const { leastCoverage, enoughForPartial, fewAddresses, fewFunctions, manyOfObject } =
  thresholds.canaries;

export default defineRule({
  title: 'Functions with buffers check a stack canary before they return',
  severity: 'high',
  otherSeverities: ['medium'],
  securitySeverity: 7.5,
  cwe: [121, 693],
  since: '0.1.0',
  rationale: `
A write past the end of a buffer on the stack reaches the saved return address, and an attacker who chooses that address
chooses what runs next. A stack protector puts a random word, the canary, between the two and compares it before the
function returns: a linear overflow is turned into an abort.

It only helps where it is. A program can import \`__stack_chk_fail\` because of one protected object file among
hundreds, or lose its canaries in link-time optimisation although every file was compiled with them.
So this rule counts the functions, and partial protection is a finding of its own.`,
  evidence: `
In this order:

- Undefined dynamic symbols (in object files and kernel modules: of \`.symtab\`) that only code with canaries imports:
  \`__stack_chk_fail\`, \`__stack_chk_guard\`, and the names of OpenBSD and of Intel's compiler. A symbol that the
  file *exports*, as libc does, and a symbol inside a static program, which libc brings along, prove nothing.
- Machine code, in stripped and static files too: loads of the guard (\`%fs:0x28\` on x86-64, \`-28688(r13)\` on PowerPC,
  40 bytes into the thread block on s390x, the variable \`__stack_chk_guard\` elsewhere) and its comparison. On x86 a load counts
  only where the next instruction puts it in the frame or compares it, and a comparison only before a branch; what a function stores and never compares, though it
  returns, counts as none. On x86 and AArch64 the branch has to lead to a call of a function that does not return at once.
  On x86 a path from the start of its function, or from its canary, has to lead to the comparison, where all paths can be followed.
  A file that compares canaries and does not import \`__stack_chk_fail\` brings its own: unknown, unless that ends in a call of \`abort\` or the like. Where the guard lies
  elsewhere (\`-mstack-protector-guard=global\`, FreeBSD), x86-64 code is searched for comparisons that lead to a call of
  \`__stack_chk_fail\`; calls that no comparison leads to protect nothing, and an import without any call is unknown.
- Coverage: of the functions in \`.eh_frame\` that take the address of something on the stack (on x86 and s390x also those that store
  at an index of an array in their frame), which is what \`-fstack-protector-strong\` protects, how many touch the guard. Strong protection reaches 75 to 100 %, plain
  \`-fstack-protector\` 15 to 40 %; under ${percent(leastCoverage)} of ${enoughForPartial} or more functions the file counts as unprotected but for a part, which can come from plain
  \`-fstack-protector\` too, where few buffers hold characters. With fewer functions it fails where more functions than
  those with a canary fill an array in their frame (\`strcpy\`, \`sprintf\`) without one, which each level protects.
- clang's SafeStack (\`-fsanitize=safe-stack\`) keeps buffers on a stack of their own, where no return address lies: on x86, x86-64 and AArch64 a pass, where
  the file names \`__safestack_unsafe_stack_ptr\` and functions move this pointer.
- In object files and kernel modules the functions are those that \`.symtab\` names, and relocations against
  \`__stack_chk_fail\` and \`__stack_chk_guard\` show which have a canary.
- In a static program libc's own canaries are left out: musl is built without unwind information, so the functions
  that have it are the program's; with glibc, the program is what lies between the entry point and
  \`__libc_start_main\`, which the start code names. Where neither works the answer is unknown.

- Next to another language only functions of C count. Go's functions are known by Go's own table of them, which has to lead to code
  that looks at the limit of its stack; what lies outside of it is C, but for the C code of Go's own packages, which is built
  without canaries. Other languages are known by personality routines that many functions have, by their names, imports or
  instructions; a function of theirs is C where it has a canary, calls functions that only C code calls (\`strcpy\`, \`printf\`),
  or where its unwind information is in the style of gcc. One that fills an array in its own frame is enough for a failure. A
  section, a comment, a constant or a symbol alone excuses nothing; without any function that is surely C the answer is then unknown.

No canary is a failure only where one had to be there: two functions or more take a stack address (a single one may
take that of an argument, which gcc does not protect; without unwind information it takes more than a few such
instructions; on x86, Arm, AArch64 and RISC-V one is enough that hands a buffer of its frame to a function which fills it, as \`strcpy\`, \`sprintf\`,
\`gets\`, \`read\`, \`fread\` and \`scanf\` with \`%s\` do; not where a constant says that it has less than 8 bytes), and the language is one whose compiler protects functions. One object file shows less: it fails where
${manyOfObject} functions or more take a stack address, or one has a frame too wide for anything but a buffer, and a compiler
made it. Code that no unwind information describes is counted by the
instructions that take a stack address: one is not proof, nor are ${fewAddresses} where no function of C that fills a buffer is imported.
Start files and the parts of glibc that hold its loader run before there is a guard and are not applicable.

\`readelf -W --dyn-syms FILE | grep __stack_chk\` shows the symbols, \`objdump -d FILE | grep -c 'fs:0x28'\` the code on
x86-64.`,
  remediation: {
    gcc: 'Compile every file with `-fstack-protector-strong`. Where coverage is low, look for libraries built without it and for `-fno-stack-protector`, and try without `-flto`.',
    clang: 'Compile every file with `-fstack-protector-strong`.',
    rustc:
      "For C code in a crate set `CFLAGS=-fstack-protector-strong` for the `cc` crate's builds. Rust code itself needs none.",
    go: "For cgo set `CGO_CFLAGS='-O2 -g -fstack-protector-strong'`. Go code itself needs none.",
    zig: 'For C code, `zig cc -fstack-protector-strong`; release modes turn it off.',
    cmake: '`add_compile_options(-fstack-protector-strong)`',
    alpine:
      "Alpine's gcc has `-fstack-protector-strong` on by default. If a package lacks it, its build passes `-fno-stack-protector`, `-ffreestanding` or `-nostdlib`.",
    debian:
      'Build with `dpkg-buildflags`: `-fstack-protector-strong` is in its default CFLAGS, so the build system probably ignores or replaces them.',
  },
  references: [
    'https://gcc.gnu.org/onlinedocs/gcc/Instrumentation-Options.html',
    'https://clang.llvm.org/docs/ClangCommandLineReference.html',
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
    'https://wiki.osdev.org/Stack_Smashing_Protector',
  ],
  exempt: {
    ...notPrograms,
    kernel: 'the canaries of the kernel are not those of programs',
  },
  samples: {
    pass: [
      'x86_64-other-clang-pie-freebsd',
      'x86_64-glibc-gcc-pie-ssp-plain',
      'x86_64-glibc-gcc-pie-ssp-strong',
      'x86_64-glibc-gcc-pie-ssp-neverreturns',
      'x86_64-glibc-gcc-pie-lonebuffer-plain',
      'x86_64-glibc-clang-pie-safestack',
      'i386-glibc-clang-pie-safestack',
      'aarch64-glibc-clang-lib-safestack',
      'x86_64-glibc-gcc-pie-hardened-nosections',
      'x86_64-musl-gcc-staticpie-strong-nosections',
      'i386-musl-gcc-staticpie-strong-stripped',
      'i386-glibc-gcc-pie-lonebuffer-plain',
      'riscv64-glibc-gcc-pie-copiedname-plain',
      'arm-glibc-gcc-pie-copiedname-plain',
      'aarch64-glibc-clang-pie-ssp-unoptimised',
      'aarch64-glibc-gcc-pie-ssp-strong',
      's390x-musl-gcc-staticpie-strong-stripped',
      'x86_64-glibc-gcc-object-hardened',
      'aarch64-glibc-clang-object-strong',
    ],
    fail: [
      'x86_64-other-clang-pie-openbsd',
      'x86_64-glibc-gcc-pie-ssp-none',
      'x86_64-glibc-gcc-pie-lonebuffer',
      'i386-glibc-gcc-pie-lonebuffer',
      'riscv64-glibc-gcc-pie-copiedname',
      'arm-glibc-gcc-pie-copiedname',
      'arm-glibc-gcc-pie-copiedname-a32',
      'arm-glibc-gcc-pie-lonebuffer-unoptimised',
      'x86_64-glibc-gcc-static-none-stripped',
      'x86_64-musl-gcc-staticpie-none-nosections',
      'x86_64-none-gcc-module-bare',
      'x86_64-glibc-gcc-object-ssp-none',
      'x86_64-glibc-gcc-object-onebuffer',
      'riscv64-glibc-gcc-object-none',
      'aarch64-glibc-gcc-nopie-bare-nosections',
      'aarch64-musl-gcc-static-none-stripped',
      'mips-glibc-gcc-nopie-bare',
    ],
    unknown: [
      'mips-glibc-gcc-lib-plain',
      'x86_64-musl-gcc-static-packed',
      'arm-musl-gcc-staticpie-strong-stripped',
      'x86_64-glibc-gcc-object-parameters',
      'x86_64-none-gcc-object-assembly',
      'x86_64-glibc-gcc-object-lto',
    ],
    'not-applicable': [
      'x86_64-none-gcc-object-grub',
      'arm-none-gcc-object-cortexm',
      'x86_64-glibc-gcc-pie-nobuffers',
      'aarch64-glibc-gcc-pie-nobuffers',
      'aarch64-musl-gcc-pie-nobuffers',
      'x86_64-musl-gcc-loader',
      'x86_64-glibc-gcc-object-loaderpart',
      'x86_64-none-go-static-stripped',
      'x86_64-glibc-rust-pie-stripped',
    ],
  },
  needs: ['stackProtector', 'language', 'otherSystem'],
  degree: canaryDegree,
  check({ stackProtector, language, otherSystem }) {
    const { state, code, coverage } = stackProtector;
    if (otherSystem?.name === 'OpenBSD' && otherwiseGuarded(state, otherSystem))
      return unknown(
        "canaries are missing, but the file has random data at which OpenBSD's compiler keeps what it guards return addresses with (RETGUARD): its code is not searched for that",
        [...evidenceOf(stackProtector), ...otherSystem.evidence],
      );
    const evidence = evidenceOf(stackProtector);
    switch (state) {
      case 'protected':
        return pass(protectedMessage(stackProtector), evidence);
      case 'second-stack':
        return pass(
          `${count(stackProtector.onSecondStack?.count ?? 0, 'function')} ${stackProtector.onSecondStack?.count === 1 ? 'keeps its' : 'keep their'} buffers on a stack without return addresses (SafeStack)`,
          evidence,
        );
      case 'only-endless':
        return pass(
          'functions that never return store a canary, and no other function needs one',
          evidence,
        );
      case 'own-failure':
        return unknown(
          'functions check a canary, but the file does not import __stack_chk_fail: what they call instead is its own, and may let them go on',
          evidence,
        );
      case 'partial':
        return fail(partialMessage(stackProtector), evidence, { severity: 'medium' });
      case 'outnumbered':
        return fail(
          `${partialMessage(stackProtector)}, and more functions than these fill an array without one`,
          evidence,
        );
      case 'mixed':
        return unknown(mixedMessage(stackProtector, language), evidence);
      case 'only-libc':
        return fail(onlyLibcMessage(coverage), evidence);
      case 'unprotected':
        return judgeUnprotected(stackProtector, evidence);
      case 'lone-buffer':
        return fail(
          `no function checks a stack canary, though one hands a buffer in its frame to ${stackProtector.filledBy}`,
          evidence,
        );
      case 'unused-import':
        return unknown(
          `the file imports ${stackProtector.imports[0]}, but nothing shows that any of its functions uses it`,
          evidence,
        );
      case 'few-addresses':
        return unknown(
          `no function checks a stack canary, but only ${count(code?.whole.looseAddresses ?? 0, 'instruction')} may take the address of a buffer on the stack`,
          evidence,
        );
      case 'few-functions':
        if (stackProtector.ofC && (coverage?.needing ?? 0) > 1)
          return unknown(
            `none of ${count(coverage?.needing ?? 0, 'function')} of C checks a stack canary, but they may be those that the toolchain brings (Go's runtime/cgo, Rust's libunwind, start code of the C library), which are built without`,
            evidence,
          );
        return unknown(
          `no function checks a stack canary, but only ${count(coverage?.needing ?? 0, 'function')} may need to: the address of an argument needs none`,
          evidence,
        );
      case 'maybe-assembly':
        return unknown(
          'no function checks a stack canary, but nothing shows that a compiler made them: assembly has none',
          evidence,
        );
      case 'not-compiled':
        return unknown(
          'compiled for link-time optimisation: its machine code is made when it is linked',
          evidence,
        );
      case 'libc':
        return notApplicable(
          'this is the C library itself, or start code or loader of it, built without canaries: it has to run before there is one',
          evidence,
        );
      case 'assembly':
        return notApplicable(
          "glibc's vector functions are written in assembly: no compiler could add canaries",
          evidence,
        );
      case 'nothing-to-protect':
        return notApplicable('no function takes the address of anything on the stack', evidence);
      case 'other-runtime':
        return notApplicable(runtimeMessage(language), evidenceOfRuntime(language));
      case 'unproven-runtime':
        return unknown(
          `no function checks a stack canary; a mark of ${runtimesOf(language)} is there, but nothing of it that runs`,
          evidence,
        );
      case 'no-pattern':
        return unknown(
          'no symbol shows it, and the code of this file cannot be searched for canaries reliably',
          evidence,
        );
      case 'inseparable':
        return unknown(
          `${count(code?.whole.instructions ?? 0, 'canary instruction')}, not more than a static C library alone may bring, and too little of the code is surely the program's`,
          evidence,
        );
    }
  },
});

const withoutCanaries: readonly StackProtector['state'][] = [
  'partial',
  'outnumbered',
  'only-libc',
  'unprotected',
  'lone-buffer',
];

/** `-fret-protector`, the default of its compiler, keeps a value for each function in .openbsd.randomdata and needs no canaries. */
function otherwiseGuarded(
  state: StackProtector['state'],
  { evidence }: NonNullable<KnownFacts<'otherSystem'>['otherSystem']>,
): boolean {
  const hasRandomData = evidence.some(({ saw }) => saw === 'PT_OPENBSD_RANDOMIZE');
  return hasRandomData && withoutCanaries.includes(state);
}

function judgeUnprotected(
  { coverage, code, ofC }: StackProtector,
  evidence: readonly Evidence[],
): Verdict {
  if (ofC) return fail(unprotectedCMessage(coverage), evidence);
  if (coverage === null || coverage.needing === 0) {
    const message =
      'no function checks a stack canary, and some take the address of a buffer on the stack';
    return fail(message, evidence);
  }
  const functions = count(coverage.needing, 'function');
  if ((code?.wideFrames ?? 0) > 0) {
    const wide = `${count(code?.wideFrames ?? 0, 'function')}`;
    return fail(
      `no function checks a stack canary, though ${wide} of ${coverage.needing} that take a stack address must keep a buffer in the frame`,
      evidence,
    );
  }
  const loose = code?.whole.looseAddresses ?? 0;
  if (loose > fewAddresses && loose > coverage.needing) {
    return fail(
      `no function checks a stack canary: ${count(coverage.needing, 'function')} that unwind information describes should, and ${count(loose, 'instruction')} outside of these ${loose === 1 ? 'takes' : 'take'} the address of something on the stack`,
      evidence,
    );
  }
  if (coverage.needing <= fewFunctions) {
    return unknown(
      `no function checks a stack canary, but only ${functions} may need to`,
      evidence,
    );
  }
  return fail(`none of ${functions} that should check a stack canary does`, evidence);
}
