import {
  count,
  defineRule,
  type Evidence,
  fail,
  type KnownFacts,
  kindsOf,
  notApplicable,
  notLoaded,
  pass,
  unknown,
  type Verdict,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'Function pointers that the loader writes are read-only afterwards',
  severity: 'high',
  otherSeverities: ['medium', 'low'],
  securitySeverity: 7.0,
  cwe: [123, 732, 1327],
  since: '0.1.0',
  rationale: `
The loader writes the addresses of functions into the global offset table (GOT) and other tables of a program. If these
stay writable, one write to a chosen address - the usual prize of a heap or format string bug - redirects the next call
of a library function, and PIE, canaries and a non-executable stack do not notice. RELRO (relocation read-only) makes
the tables read-only before the program's own code runs.

RELRO is *partial* when it protects the tables without the slots of lazily bound functions, which are the ones that
attackers overwrite. \`-z now\` has them bound at start and moved into the protected range: *full* RELRO.`,
  evidence: `
Decided by where the written pointers are, not by flags. Every relocation of type JUMP_SLOT or IRELATIVE, and of type
GLOB_DAT for a function, in DT_REL, DT_RELA and DT_JMPREL (in a static program: in the table that its start code walks) is
looked up in the range of PT_GNU_RELRO, whose end loaders round down to a page:

- no PT_GNU_RELRO, or one with nothing in it that is written at start: nothing is protected. BIND_NOW alone protects nothing.
- one slot or more outside: partial, whatever BIND_NOW says. So is a dynamic section or a table of constructors or destructors that
  is writable and outside: every linker puts them inside, and exit calls functions by them. \`patchelf\` moves the dynamic
  section out where it makes it longer (\`--set-rpath\`, \`--add-needed\`).
- every slot inside, or no slot at all: full.
- 64-bit Arm, LoongArch and PowerPC have kernels with pages of 16 or 64 KiB. What lies behind the last boundary of such a page stays
  writable there, though smaller pages protect it: severity low, or medium where most kernels of the machine have that size
  (64 KiB on ppc64, 16 KiB on LoongArch). Linkers that align the end of the range to 4 KiB make such files: lld by default, older GNU ld.
- a static program of musl: full in the file, but musl's start code never makes the range read-only (measured with musl
  1.2.3 and 1.2.5; glibc does). The file is built right, so it passes, and the message says what is missing.
- MIPS: GNU ld writes no PT_GNU_RELRO there, or one that leaves the GOT out, so the rule does not apply.
- static programs of Go's own linker have no tables that are written at start; neither does a file without relocations and
  without tables of constructors (Dart's snapshots, Free Pascal's static programs, assembly).

\`readelf -lW FILE | grep -E 'RELRO|DYNAMIC'\` shows the range, \`readelf -rW FILE | grep -E 'JUMP_SLO|GLOB_DAT|IRELATIV'\` the slots.`,
  remediation: {
    gcc: 'Link with `-Wl,-z,relro,-z,now`. Where the slots stay outside the range although `-z now` is given (old binutils on RISC-V), link with a newer binutils or with lld. Set a run path when linking (`-Wl,-rpath,DIR`), not with `patchelf`, which moves the dynamic section out of the range. For kernels with larger pages link with `-Wl,-z,common-page-size=65536`.',
    clang:
      'Link with `-Wl,-z,relro,-z,now`; lld writes PT_GNU_RELRO by default, and `-z now` moves the slots into it. For kernels with larger pages link with `-Wl,-z,common-page-size=65536` by lld 19: it aligns the end of the range to 4 KiB by default, and programs that lld 16 makes with this option do not start.',
    rustc:
      'Full RELRO is the default; do not turn it off (`-C relro-level=full` sets it explicitly).',
    go: 'Link with `CGO_ENABLED=1 go build -buildmode=pie -ldflags \'-linkmode=external "-extldflags=-static-pie -Wl,-z,relro,-z,now"\'` (needs gcc), which starts in every image. A program that is built on the libc of its image needs only `-buildmode=pie -ldflags=-bindnow` (Go 1.23 and later).',
    zig: 'Full RELRO is the default of `zig build-exe` and `zig cc`; remove `-z norelro` and `-z lazy` (`link_z_relro = false`, `link_z_lazy = true` in build.zig).',
    cmake: '`add_link_options(-Wl,-z,relro,-z,now)`',
    alpine:
      "Alpine's gcc links with `-z relro -z now` by itself. If a package lacks it, its build replaces the linker's flags or links with `-z norelro` or `-z lazy`.",
    debian:
      'Set `DEB_BUILD_MAINT_OPTIONS=hardening=+bindnow` (or `+all`) in debian/rules: `-z relro` is on by default, `-z now` is not.',
  },
  references: [
    'https://www.redhat.com/en/blog/hardening-elf-binaries-using-relocation-read-only-relro',
    'https://sourceware.org/binutils/docs/ld/Options.html',
    'https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/progheader.html',
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
  ],
  exempt: {
    ...notLoaded,
    ...kindsOf(['kernel-code'], 'the kernel relocates itself, and protects its own data'),
    'kernel-module': 'the kernel relocates modules by its own rules',
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-glibc-gcc-pie-hardened-nosections',
      'x86_64-glibc-gcc-lib-hardened',
      'x86_64-glibc-gcc-pie-nobuffers',
      'x86_64-musl-gcc-pie-alpine',
      'x86_64-musl-gcc-staticpie-strong-nosections',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
      'aarch64-musl-gcc-staticpie-strong-stripped',
      'i386-glibc-gcc-pie-hardened',
      'ppc64le-glibc-gcc-pie-hardened',
      's390x-glibc-gcc-pie-hardened-nosections',
      'arm-glibc-gcc-pie-hardened',
    ],
    fail: [
      'x86_64-glibc-gcc-nopie-bare',
      'x86_64-glibc-gcc-pie-default',
      'x86_64-glibc-gcc-pie-norelro',
      'x86_64-glibc-gcc-pie-nowonly',
      'x86_64-glibc-gcc-pie-partialrelro',
      'x86_64-glibc-gcc-pie-tinyrelro',
      'x86_64-glibc-gcc-pie-droppedrelro',
      'x86_64-glibc-gcc-pie-patched',
      'aarch64-glibc-clang-pie-smallrelro',
      'x86_64-glibc-gcc-static-none-stripped',
      'x86_64-musl-gcc-pie-lazy',
      'aarch64-glibc-gcc-pie-norelro',
      'aarch64-glibc-gcc-pie-partialrelro',
      'aarch64-musl-gcc-nopie-bare',
      'riscv64-glibc-gcc-pie-hardened',
    ],
    unknown: [
      'x86_64-musl-gcc-static-packed',
      'x86_64-none-gcc-staticpie-cut',
      'aarch64-glibc-gcc-pie-overlapping',
    ],
    'not-applicable': [
      'mips-glibc-gcc-pie-hardened',
      'x86_64-none-go-static-stripped',
      'x86_64-none-gcc-static-tiny',
      'x86_64-glibc-gcc-object-hardened',
      'x86_64-glibc-gcc-debugonly',
    ],
  },
  needs: ['relro', 'libc', 'linking', 'go', 'otherSystem'],
  degree({ relro: { state, covered, open, relocations } }) {
    if (state === 'none' && relocations === 0) return { share: [0, 0] };
    const level = { full: 'full', nominal: 'full', partial: 'partial', none: 'none' }[
      String(state)
    ];
    return level === undefined ? null : { share: [covered, covered + open], level };
  },
  check(facts) {
    const { state, evidence } = facts.relro;
    switch (state) {
      case 'full':
        return facts.otherSystem === null ? onLinux(facts) : onOtherSystem(facts);
      case 'nominal':
        return pass(
          'PT_GNU_RELRO covers everything it must, but musl does not apply it to static programs: at run time the range stays writable',
          evidence,
        );
      case 'partial':
        return fail(partialMessage(facts), evidence, { severity: 'medium' });
      case 'none':
        return withoutRelro(facts);
      case 'not-available':
        return notApplicable(
          'GNU ld cannot protect the GOT on MIPS: it lies outside PT_GNU_RELRO, or there is none',
          evidence,
        );
      case 'undecided':
        return unknown(
          'the relocation types of this machine are not known, so the slots cannot be located',
          evidence,
        );
    }
  },
});

type Needs = 'relro' | 'libc' | 'linking' | 'go' | 'otherSystem';

type Relro = KnownFacts<'relro'>['relro'];

/**
 * Android's loader protects every page that the range touches, others only pages that lie in it (_phdr_table_set_gnu_relro_prot in
 * linker/linker_phdr.cpp of bionic).
 */
function onLinux({ relro, libc }: KnownFacts<Needs>): Verdict {
  return libc.name === 'bionic' ? pass(fullMessage(relro), relro.evidence) : withLargerPages(relro);
}

/**
 * Loaders of the BSDs and of Fuchsia apply it, on pages of one size (of Fuchsia, relro_start in zircon/third_party/ulib/musl/ldso/dynlink.c).
 * Of that of Solaris it is not known.
 */
function onOtherSystem({ relro, otherSystem }: KnownFacts<Needs>): Verdict {
  return otherSystem?.name === 'Solaris'
    ? unknown('whether the loader of Solaris applies PT_GNU_RELRO is not known', relro.evidence)
    : pass(fullMessage(relro), relro.evidence);
}

/** Of what larger pages take away, the usual size is said first. */
function withLargerPages(relro: Relro): Verdict {
  const { largerPages, evidence } = relro;
  const worst = largerPages.find(({ isUsual }) => isUsual) ?? largerPages[0];
  if (worst === undefined) return pass(fullMessage(relro), evidence);
  const sizes = largerPages.map(({ size }) => kibibytes(size)).join(' or ');
  const message = `on kernels with pages of ${sizes} ${lossText(relro, worst)}; smaller pages protect all of it`;
  return fail(message, [...evidence, ...largerPages.map((page) => lossEvidence(relro, page))], {
    severity: worst.isUsual ? 'medium' : 'low',
  });
}

function lossText({ covered }: Relro, { open, writes, leftOut }: Relro['largerPages'][number]) {
  if (open > 0)
    return `${open} of ${count(covered, 'function pointer')} written by the loader stay${open === 1 ? 's' : ''} writable`;
  if (leftOut !== null) return `${leftOutText(leftOut)} stays writable`;
  return `${count(writes, 'address', 'addresses')} that the loader writes stay${writes === 1 ? 's' : ''} writable`;
}

function lossEvidence(relro: Relro, page: Relro['largerPages'][number]): Evidence {
  return { what: `with pages of ${kibibytes(page.size)}`, saw: lossText(relro, page) };
}

function kibibytes(size: number): string {
  return `${size / 1024} KiB`;
}

function leftOutText(leftOut: NonNullable<Relro['leftOut']>): string {
  switch (leftOut) {
    case 'DYNAMIC':
      return 'the dynamic section';
    case 'PREINIT_ARRAY':
    case 'INIT_ARRAY':
      return 'the table of functions that run at start';
    case 'FINI_ARRAY':
      return 'the table of functions that run at exit';
  }
}

/** patchelf moves it behind all else where it has to grow; glibc reads DT_FINI_ARRAY in it when the program ends. */
const becauseOfDynamic =
  ': the loader reads there which functions it calls at exit. patchelf moves it out';

function partialMessage({ relro, linking }: KnownFacts<Needs>): string {
  const { open, covered, leftOut } = relro;
  if (open === 0 && leftOut !== null) {
    const isReadAtExit = leftOut === 'DYNAMIC' && linking.how !== 'static';
    return `PT_GNU_RELRO leaves out ${leftOutText(leftOut)}, which stays writable${isReadAtExit ? becauseOfDynamic : ''}`;
  }
  return `${open} of ${count(open + covered, 'function pointer')} written by the loader ${open === 1 ? 'lies' : 'lie'} outside PT_GNU_RELRO and stay${open === 1 ? 's' : ''} writable`;
}

function withoutRelro({ relro, libc, linking, go }: KnownFacts<Needs>): Verdict {
  const { open, relocations, tables, evidence } = relro;
  const lack = relro.idle
    ? 'PT_GNU_RELRO covers nothing that is written at start'
    : 'there is no PT_GNU_RELRO';
  const isStatic = linking.how === 'static';
  if (isStatic && go?.table === true && relocations === 0) {
    return notApplicable(
      "Go's linker builds static programs in which nothing is written at start",
      evidence,
    );
  }
  if (relocations === 0 && tables === false) {
    return notApplicable(
      'the loader writes nothing into the file, and it has no tables of functions to protect',
      evidence,
    );
  }
  if (relocations === 0 && tables === null) {
    return unknown(
      'there is no PT_GNU_RELRO, and without section headers the file does not show whether it has tables to protect',
      evidence,
    );
  }
  if (relocations === 0) {
    const message =
      'there is no PT_GNU_RELRO: constructor tables stay writable, though nothing is bound at start';
    return fail(message, evidence, { severity: 'low' });
  }
  if (isStatic && libc.name === 'musl') {
    const message = `${lack}, which musl would not apply to a static program anyway`;
    return fail(message, evidence, { severity: 'low' });
  }
  const slots =
    open === 0
      ? 'what the loader writes'
      : `${count(open, 'function pointer')} written by the loader`;
  return fail(`${lack}: ${slots} stay${open === 1 || open === 0 ? 's' : ''} writable`, evidence);
}

function fullMessage({ covered }: Relro): string {
  if (covered === 0)
    return 'PT_GNU_RELRO is present, and the loader writes no function pointer outside it';
  return `PT_GNU_RELRO covers ${covered === 1 ? 'the one function pointer' : `all ${covered} function pointers`} that the loader writes`;
}
