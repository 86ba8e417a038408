import {
  count,
  defineRule,
  type Evidence,
  fail,
  type KnownFacts,
  kindsOf,
  listed,
  notApplicable,
  notPrograms,
  pass,
  percent,
  thresholds,
  type Verdict,
} from '../../src/judge/rule.ts';

const { withLandingPad, withSignedReturn, readyTargets } = thresholds.functions;

export default defineRule({
  title: 'The processor can restrict where branches and returns lead',
  severity: 'low',
  otherSeverities: ['note'],
  securitySeverity: 3.1,
  cwe: [693, 1265],
  since: '0.1.0',
  rationale: `
An attacker who overwrites a return address or a function pointer chooses what runs next, from all the code in the process.
Processors can refuse most of these choices: indirect branches may lead to marked places only (IBT on x86, BTI on
AArch64, Zicfilp on RISC-V), and returns to where the call came from only (shadow stacks: SHSTK, GCS, Zicfiss; signed
return addresses: PAC).

A loader turns these on only if the file declares that all of its code is ready for them, and only if every other object
in the process does so too. So one assembly file without the note disables the protection of a program whose code is
ready. Most
distributions do not enable these yet, hence the low severity.`,
  evidence: `
Separate facts:

- *Enforceable*: the bits of GNU_PROPERTY_X86_FEATURE_1_AND, GNU_PROPERTY_AARCH64_FEATURE_1_AND or
  GNU_PROPERTY_RISCV_FEATURE_1_AND in the note NT_GNU_PROPERTY_TYPE_0. Linkers keep a bit only when every input has it.
- *Marked only*: a note that was forced (\`-z ibt\`, \`-z force-bti\`) on code that is not ready, which ends the process where branches
  are restricted. It is a failure where the code that kernel or loader go to (the entry point of a program, \`DT_INIT\`,
  \`DT_FINI\`, and what \`DT_INIT_ARRAY\` and its kin hold) does not begin with a landing pad, or where less than ${percent(readyTargets)} of the functions do that pointers surely
  lead to: exported ones, and those whose address the loader writes. Start files of Debian 12 have none, so a whole program
  fails there with a forced note. Shadow stacks need no instructions in the code.
- *Instrumented*: functions of \`.eh_frame\` that begin with \`endbr64\`, \`endbr32\`, \`bti\`, \`paciasp\` or \`lpad\`, and functions
  that sign their return address. Landing pads elsewhere are not counted: start files bring some of their own. Code counts as
  instrumented where ${percent(withLandingPad)} of its functions begin with one, or ${percent(withSignedReturn)} sign.

PAC works without the note, so code that signs return addresses has that half of the protection either way.
musl enforces none of this for dynamic programs, and Alpine builds its gcc without CET: a note there.

\`readelf -nW FILE | grep -A1 'Properties'\` shows the note.`,
  remediation: {
    gcc: 'x86: `-fcf-protection=full`; AArch64: `-mbranch-protection=standard`. Find inputs without the note with `-Wl,-z,cet-report=error` or `-Wl,-z,bti-report=error` (new binutils); `-Wl,-z,ibt,-z,shstk` or `-z force-bti` only when all code is known to be ready.',
    clang:
      'x86: `-fcf-protection=full`; AArch64: `-mbranch-protection=standard`. lld names the inputs without the note with `-z cet-report=error` or `-z bti-report=error`.',
    rustc:
      'Nightly only: `-Z cf-protection=full`, `-Z branch-protection=bti,pac-ret`, with a standard library built likewise.',
    cmake:
      '`add_compile_options(-fcf-protection=full)` on x86, `add_compile_options(-mbranch-protection=standard)` on AArch64',
    debian:
      'dpkg-buildflags passes these since Debian 13 (feature `branch`); libc itself has the note on arm64 only.',
  },
  references: [
    'https://docs.kernel.org/arch/x86/shstk.html',
    'https://docs.kernel.org/arch/arm64/pointer-authentication.html',
    'https://github.com/ARM-software/abi-aa/blob/main/sysvabi64/sysvabi64.rst',
    'https://gitlab.com/x86-psABIs/linux-ABI',
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
  ],
  exempt: {
    ...notPrograms,
    ...kindsOf(['kernel-code'], 'the kernel has checks of its own for indirect calls'),
  },
  samples: {
    pass: [
      'x86_64-none-gcc-lib-cet',
      'x86_64-none-gcc-static-cet',
      'aarch64-none-gcc-lib-bti',
      'aarch64-none-gcc-static-bti',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-cet-none',
      'x86_64-glibc-gcc-pie-cet-nonote',
      'x86_64-glibc-gcc-pie-cet-forced',
      'x86_64-none-gcc-lib-ibtforced',
      'aarch64-none-gcc-lib-btiforced',
      'aarch64-glibc-gcc-pie-hardened-nosections',
      'x86_64-musl-gcc-pie-cet-none',
      'aarch64-glibc-gcc-pie-btinonote',
      'aarch64-glibc-gcc-pie-nobranchprotection',
      'aarch64-glibc-gcc-pie-pacret',
      'aarch64-musl-gcc-pie-btinonote',
      'riscv64-glibc-gcc-pie-hardened',
    ],
    unknown: ['x86_64-musl-gcc-static-packed', 'aarch64-musl-gcc-static-packed'],
    'not-applicable': [
      'x86_64-other-clang-pie-openbsd',
      'x86_64-other-clang-pie-freebsd',
      'x86_64-none-go-static-stripped',
      'x86_64-glibc-rust-pie-stripped',
      'arm-glibc-gcc-pie-hardened',
      'ppc64le-glibc-gcc-pie-hardened',
      's390x-glibc-gcc-pie-hardened',
      'mips-glibc-gcc-pie-hardened',
      'x86_64-none-gcc-module-bare',
    ],
  },
  needs: ['controlFlow', 'machine', 'libc', 'otherSystem'],
  degree({ controlFlow: { state, marks, code }, machine, libc }) {
    if (state === 'not-offered' || state === 'other-runtime') return null;
    // musl enforces none of them; a signed return address needs nobody to enforce it.
    const isReady = state !== 'marked-only';
    const enforced =
      libc.name === 'musl'
        ? []
        : marks.filter(({ marked, guards }) => marked && (isReady || guards !== 'branch targets'));
    if (code === null || code.functions === 0)
      return enforced.length === 0 ? null : { parts: enforced.map(({ name }) => name) };
    const { functions, landingPads, bareLandingPads, signedReturns } = code;
    const parts = [
      ...enforced.map(({ name }) => name),
      ...(landingPads >= withLandingPad * functions ? ['landing pads'] : []),
      ...(signedReturns >= withSignedReturn * functions ? ['signed returns'] : []),
      // Instructions that sign are landing pads too, and do not say that branches are restricted.
      ...(machine.name === 'aarch64' && bareLandingPads > 0 ? ['bti instructions'] : []),
    ];
    const share = [landingPads, functions] as const;
    const faults = isReady ? [] : ['a note for restricted branches that the code is not ready for'];
    // A static program has the functions of its C library too, which was built with options of its own.
    return { share, parts, faults, ...(libc.how === 'brought' ? { mixed: true } : {}) };
  },
  check({ controlFlow, machine, libc, otherSystem }) {
    const evidence = evidenceOf(controlFlow);
    const other =
      otherSystem === null ? null : onOtherSystem(otherSystem, machine.name, controlFlow.state);
    if (other !== null) return other;
    const weight = libc.name === 'musl' ? ({ severity: 'note' } as const) : {};
    switch (controlFlow.state) {
      case 'enforceable':
        return pass(enforceableMessage(controlFlow), evidence);
      case 'marked-only':
        return fail(markedOnlyMessage(controlFlow), evidence, weight);
      case 'instrumented':
        return fail(instrumentedMessage(controlFlow), evidence, { severity: 'note' });
      case 'absent':
        return fail(
          `neither the code nor a note is ready for ${namesOf(controlFlow)}`,
          evidence,
          weight,
        );
      case 'not-offered':
        return notApplicable(`${machine.name} has no such protection`, evidence);
      case 'other-runtime':
        return notApplicable('the compiler of its language does not offer it', evidence);
    }
  },
});

type ControlFlow = KnownFacts<'controlFlow'>['controlFlow'];

/**
 * OpenBSD enforces landing pads in every program that does not opt out (PT_OPENBSD_NOBTCFI), since 7.4: EXEC_NOBTCFI in
 * sys/kern/kern_exec.c, and in setregs of sys/arch/arm64/arm64/machdep.c. The others enable nothing on x86; on AArch64
 * they go by the same notes as Linux. null: judged as on Linux.
 */
function onOtherSystem(
  { name, evidence }: NonNullable<KnownFacts<'otherSystem'>['otherSystem']>,
  machine: string,
  state: ControlFlow['state'],
): Verdict | null {
  if (state === 'not-offered' || state === 'other-runtime') return null;
  const isX86 = machine === 'x86-64' || machine === 'i386';
  if (name !== 'OpenBSD')
    return isX86
      ? notApplicable(`no release of ${name} is known that enables IBT or SHSTK`, evidence)
      : null;
  if (evidence.some(({ saw }) => saw === 'PT_OPENBSD_NOBTCFI'))
    return fail('opts out of the landing pads that OpenBSD enforces', evidence);
  return notApplicable('OpenBSD enforces landing pads without a mark in the file', evidence);
}

function evidenceOf({ property, marks, code, targets }: ControlFlow): Evidence[] {
  const evidence: Evidence[] = [];
  if (property !== null) {
    const saw =
      marks
        .filter(({ marked }) => marked)
        .map(({ name }) => name)
        .join(', ') || 'none';
    evidence.push({ what: 'GNU property FEATURE_1_AND', saw, offset: property.offset });
  } else if (marks.length > 0) {
    evidence.push({ what: 'GNU property FEATURE_1_AND', saw: 'absent' });
  }
  for (const { name, address } of targets?.start ?? [])
    evidence.push({ what: `${name}, without a landing pad`, saw: `0x${address.toString(16)}` });
  if (targets !== null && targets.functions > 0)
    evidence.push({
      what: 'functions that pointers lead to, with a landing pad',
      saw: `${targets.landing} of ${targets.functions}`,
    });
  if (code !== null) {
    const { functions, landingPads, signedReturns } = code;
    evidence.push({
      what: 'functions that begin with a landing pad',
      saw: `${landingPads} of ${functions}`,
    });
    if (signedReturns > 0) {
      evidence.push({
        what: 'functions that sign their return address',
        saw: `${signedReturns} of ${functions}`,
      });
    }
  }
  return evidence;
}

function enforceableMessage({ marks }: ControlFlow): string {
  const marked = marks.filter((mark) => mark.marked);
  const guards = [...new Set(marked.map((mark) => mark.guards))].join(' and ');
  return `${marked.map(({ name }) => name).join(' and ')} can be enforced: ${guards} are restricted where processor and loader support it`;
}

function markedOnlyMessage({ marks, targets }: ControlFlow): string {
  const names = marks
    .filter(({ marked, guards }) => marked && guards === 'branch targets')
    .map(({ name }) => name);
  const { start = [], functions = 0, landing = 0 } = targets ?? {};
  const what =
    start.length > 0
      ? `the code at ${listed([...new Set(start.map(({ name }) => name))])}, which kernel or loader go to, does not begin with a landing pad`
      : `only ${landing} of ${count(functions, 'function')} that pointers lead to begin with a landing pad`;
  return `the note requests ${names.join(' and ')}, but ${what}: where this is enforced, the process is killed`;
}

function instrumentedMessage({ code }: ControlFlow): string {
  const { functions, landingPads, signedReturns } = code ?? {
    functions: 0,
    landingPads: 0,
    signedReturns: 0,
  };
  const parts = [
    ...(landingPads > 0 ? [`${landingPads} begin with a landing pad`] : []),
    ...(signedReturns > 0 ? [`${signedReturns} sign their return address`] : []),
  ];
  return `of ${functions} functions ${parts.join(' and ')}, but the note that lets a loader enforce it is missing`;
}

function namesOf({ marks }: ControlFlow): string {
  return marks.map(({ name }) => name).join(', ');
}
