import {
  defineRule,
  fail,
  type KnownFacts,
  kindsOf,
  notApplicable,
  notPrograms,
  pass,
  unknown,
  type Verdict,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'The stack is not executable',
  severity: 'high',
  otherSeverities: ['medium', 'low'],
  securitySeverity: 7.5,
  cwe: [119, 693],
  since: '0.1.0',
  rationale: `
On an executable stack the oldest attack works again: the bytes that overflow a buffer are the code that runs. One
assembly file without a note, or one nested function whose address is taken, is enough to have GNU ld mark the
whole program. And one marked library is enough for its process: glibc makes all stacks executable when it loads it.`,
  evidence: `
The last PT_GNU_STACK counts, as for the kernel and glibc; PF_X in its flags requests an executable stack. Where it is
missing, defaults decide, and they differ by machine and C library (measured with Linux 6.18, glibc 2.36, musl 1.2.3):

- i386, arm, ppc, mips, sparc, 31-bit s390: the kernel makes the stack, and on the first two every readable page, executable.
- x86-64 with glibc: stacks of threads are executable, and the main stack before Linux 5.8.
- x86-64 with another libc, and aarch64: only before Linux 5.8, so the weight is low.
- riscv64, loongarch64, ppc64: not executable.
- a library: the kernel does not read its mark; glibc does, and takes a missing one for its machine's default; musl
  ignores it, as uClibc's loader does.
- MIPS: processors without RIXI execute every page that can be read, whatever the mark says.
- OpenBSD, NetBSD and Fuchsia make no stack executable. FreeBSD goes by the mark, and makes the stack executable on x86 where it is
  missing (\`sv_stackprot\` of sys/amd64/amd64/elf_machdep.c). Solaris reads PT_SUNWSTACK.

Object files are judged by the section .note.GNU-stack: GNU ld takes a missing one for a request on older machines, lld
and mold do not.

\`readelf -lW FILE | grep GNU_STACK\` shows it (\`RW\` good, \`RWE\` bad), \`readelf -SW FILE.o | grep note.GNU-stack\` that of an object.`,
  remediation: {
    gcc: 'Link with `-Wl,-z,noexecstack`, or better repair the cause: add `.section .note.GNU-stack,"",%progbits` to assembly files and avoid nested functions whose address escapes (`-Wtrampolines` finds them). `-Wl,--warn-execstack` names the object file.',
    clang:
      'Link with `-Wl,-z,noexecstack`; remove `-z execstack`. Assembly files need `.section .note.GNU-stack,"",%progbits`.',
    rustc:
      'The default is right; look for assembly or C objects without .note.GNU-stack in build scripts, or `-z execstack` in link arguments.',
    go: 'The default is right; with cgo, look for assembly files (`.S`) without .note.GNU-stack.',
    zig: 'The default is right; remove `-z execstack`.',
    cmake: '`add_link_options(-Wl,-z,noexecstack)`',
    alpine:
      'Repair the assembly files of the package, or add `-Wl,-z,noexecstack` to LDFLAGS in the APKBUILD.',
    debian:
      'Repair the assembly files of the package, or append `-Wl,-z,noexecstack` with DEB_LDFLAGS_MAINT_APPEND.',
  },
  references: [
    'https://wiki.gentoo.org/wiki/Hardened/GNU_stack_quickstart',
    'https://man7.org/linux/man-pages/man1/ld.1.html',
    'https://github.com/torvalds/linux/blob/v6.10/arch/x86/include/asm/elf.h',
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
  ],
  exempt: {
    ...notPrograms,
    ...kindsOf(['kernel-code'], 'the kernel makes its own stacks, which are never executable'),
    'kernel-module': 'modules run on kernel stacks, which are never executable',
  },
  judgesPacked: true,
  samples: {
    pass: [
      'arm-none-gcc-static-cortexmsvc',
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-glibc-clang-pie-nostacknote',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened-nosections',
      'aarch64-musl-gcc-pie-alpine',
      'x86_64-other-clang-pie-freebsd',
      'aarch64-musl-gcc-static-packed',
      'x86_64-glibc-gcc-object-hardened',
    ],
    fail: [
      'x86_64-other-clang-pie-freebsdnostack',
      'x86_64-glibc-gcc-pie-execstack',
      'x86_64-glibc-gcc-pie-nostacknote',
      'x86_64-glibc-gcc-pie-trampoline',
      'x86_64-glibc-gcc-pie-nostackheader',
      'x86_64-glibc-gcc-lib-bare',
      'x86_64-musl-gcc-nopie-bare',
      'x86_64-musl-gcc-pie-nostackheader',
      'aarch64-glibc-gcc-nopie-bare',
      'aarch64-glibc-gcc-pie-nostackheader',
      'aarch64-musl-gcc-nopie-bare',
      'i386-glibc-gcc-pie-nostackheader',
      'mips-glibc-gcc-pie-strong',
      'x86_64-none-gcc-object-nostacknote',
    ],
    unknown: ['x86_64-none-gcc-static-writescode', 'x86_64-none-gcc-staticpie-cut'],
    'not-applicable': [
      'x86_64-other-clang-pie-openbsd',
      'x86_64-other-clang-pie-netbsd',
      'x86_64-other-clang-pie-fuchsia',
      'x86_64-none-gcc-object-grub',
      'arm-none-gcc-object-cortexm',
      'arm-none-gcc-static-cortexm',
      'aarch64-none-gcc-static-boot',
      'x86_64-none-gcc-static-boot',
      'x86_64-glibc-gcc-pie-truncated',
      'x86_64-none-gcc-module-bare',
      'x86_64-none-core',
      'x86_64-glibc-gcc-debugonly',
    ],
  },
  needs: ['stackSegment', 'kind', 'libc', 'machine', 'otherSystem'],
  check(facts) {
    const { by, executable, flags, offset } = facts.stackSegment;
    if (by === 'nothing') return notApplicable('the object file holds nothing that is loaded');
    if (by === 'segment' && facts.otherSystem !== null)
      return ofOtherSystem(facts, facts.otherSystem);
    if (executable === null) return by === 'section' ? unmarkedObject(facts) : unmarked(facts);
    const what = by === 'section' ? '.note.GNU-stack flags' : 'PT_GNU_STACK flags';
    const evidence = [{ what, saw: flags ?? 'none', ...(offset === null ? {} : { offset }) }];
    if (!executable) return pass(`the stack is marked as not executable${limits(facts)}`, evidence);
    if (by === 'section') {
      return fail(
        'the object requests an executable stack, and so will every program linked from it',
        evidence,
        {
          severity: 'medium',
        },
      );
    }
    if (isLibrary(facts) && facts.libc.name === 'uclibc') return unreadByUclibc(facts, evidence);
    return fail(
      `PT_GNU_STACK requests an executable stack (${flags})${consequence(facts)}`,
      evidence,
    );
  },
});

type Facts = KnownFacts<'stackSegment' | 'kind' | 'libc' | 'machine' | 'otherSystem'>;

/**
 * OpenBSD and NetBSD map the stack readable and writable (exec_setup_stack in sys/kern/exec_subr.c of both). Fuchsia's loader refuses a
 * library whose PT_GNU_STACK has X, "which Fuchsia will never support", and reads of a program's its size alone (map_library and dls3 in
 * zircon/third_party/ulib/musl/ldso/dynlink.c).
 * FreeBSD's kernel goes by the last PT_GNU_STACK (sys/kern/imgact_elf.c), its loader by those of libraries (libexec/rtld-elf).
 */
function ofOtherSystem(
  { stackSegment, machine }: Facts,
  { name, evidence: named }: NonNullable<Facts['otherSystem']>,
): Verdict {
  const { executable, flags, offset } = stackSegment;
  const at = offset === null ? {} : { offset };
  const evidence = [{ what: 'PT_GNU_STACK flags', saw: flags ?? 'none', ...at }, ...named];
  switch (name) {
    case 'OpenBSD':
    case 'NetBSD':
    case 'Fuchsia':
      return notApplicable(`${name} makes no stack executable, whatever a file requests`, evidence);
    case 'FreeBSD':
      break;
    case 'DragonFly BSD':
    case 'Solaris':
      return unknown(`what ${name} makes of its stack is not known`, evidence);
  }
  if (executable === false) return pass('the stack is marked as not executable', evidence);
  if (executable === true)
    return fail(`PT_GNU_STACK requests an executable stack (${flags})`, evidence);
  const says = 'PT_GNU_STACK is missing';
  return machine.name === 'x86-64' || machine.name === 'i386'
    ? fail(`${says}, and FreeBSD then makes the stack executable on ${machine.name}`, evidence)
    : unknown(`${says}, and what FreeBSD then does on ${machine.name} is not known`, evidence);
}

/** RIXI is part of MIPS release 6 (arch/mips/kernel/elf.c, cpu_has_rixi). */
function limits({ machine, stackSegment }: Facts): string {
  if (stackSegment.by === 'section' || !machine.name.startsWith('mips')) return '';
  return '; MIPS processors without RIXI, which are most before release 6, execute it anyway';
}

/** Its loader (ldso) reads PT_GNU_STACK of no file. */
function unreadByUclibc({ libc }: Facts, evidence: Verdict['evidence']): Verdict {
  return notApplicable('the loader of uClibc does not read the mark of a library', [
    ...evidence,
    ...libc.evidence,
  ]);
}

function consequence(facts: Facts): string {
  if (!isLibrary(facts) || facts.libc.name === 'musl') return '';
  return ': glibc makes the stacks of every process that loads this library executable';
}

/** A file that the kernel never starts: it does not read its PT_GNU_STACK. */
function isLibrary({ kind: { kind } }: Facts): boolean {
  return kind === 'shared-library' || kind === 'loader';
}

function unmarked(facts: Facts): Verdict {
  const { stackSegment, libc, machine } = facts;
  const { kernel, glibc } = stackSegment.defaults;
  const evidence = [
    { what: 'PT_GNU_STACK', saw: 'none' },
    { what: 'e_machine', saw: machine.name, offset: 0x12n },
    ...libc.evidence,
  ];
  const library = isLibrary(facts);
  const says = 'PT_GNU_STACK is missing';
  if (!library && kernel === 'executable') {
    return fail(
      `${says}, and the kernel then makes the stack executable on ${machine.name}`,
      evidence,
    );
  }
  if (libc.name === 'glibc' && glibc === 'executable') {
    const stacks = library ? 'stacks of processes that load this library' : 'the stacks of threads';
    return fail(`${says}, and glibc then makes ${stacks} executable on ${machine.name}`, evidence);
  }
  if (library) return unmarkedLibrary(facts, evidence);
  if (kernel === 'executable-before-5.8') {
    const message = `${says}, and Linux before 5.8 then makes the stack executable on ${machine.name}`;
    return fail(message, evidence, { severity: 'low' });
  }
  if (kernel === 'not-known')
    return unknown(`${says}, and the default of ${machine.name} is not known`, evidence);
  return pass(`${says}, but the stack is not executable by default on ${machine.name}`, evidence);
}

function unmarkedLibrary(facts: Facts, evidence: Verdict['evidence']): Verdict {
  const { stackSegment, libc, machine } = facts;
  const says = 'PT_GNU_STACK is missing';
  if (libc.name === 'musl') return pass(`${says}, which musl does not ask of a library`, evidence);
  if (libc.name === 'uclibc') return unreadByUclibc(facts, evidence);
  const { glibc } = stackSegment.defaults;
  if (glibc === 'not-executable') {
    return pass(`${says}, but the stack is not executable by default on ${machine.name}`, evidence);
  }
  if (glibc === 'not-known')
    return unknown(`${says}, and the default of ${machine.name} is not known`, evidence);
  const message = `${says}: a process of glibc that loads this library gets an executable stack on ${machine.name}`;
  return fail(message, evidence, { severity: 'medium' });
}

function unmarkedObject({ stackSegment, machine }: Facts): Verdict {
  const evidence = [{ what: 'section .note.GNU-stack', saw: 'none' }];
  switch (stackSegment.defaults.linker) {
    case 'executable': {
      const message = `.note.GNU-stack is missing: GNU ld makes the stack of every ${machine.name} program that contains the object executable`;
      return fail(message, evidence, { severity: 'low' });
    }
    case 'not-executable':
      return notApplicable(`linkers do not require .note.GNU-stack on ${machine.name}`, evidence);
    case 'not-known':
      return unknown(
        `.note.GNU-stack is missing, and the default of linkers for ${machine.name} is not known`,
        evidence,
      );
  }
}
