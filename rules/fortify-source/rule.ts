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
  thresholds,
  unknown,
} from '../../src/judge/rule.ts';

const { traps } = thresholds;

export default defineRule({
  title: 'C library calls check the size of their buffers',
  severity: 'medium',
  otherSeverities: ['low'],
  securitySeverity: 5.5,
  cwe: [120, 134, 787],
  since: '0.1.0',
  rationale: `
With \`_FORTIFY_SOURCE\` the compiler passes the size of a destination, where it knows it, to a checked variant of
\`strcpy\`, \`sprintf\`, \`read\` and some eighty other functions, which abort before they write past its end. From level 2
on, \`printf\` and its relatives also refuse \`%n\` in formats that can be written to, which turns most format string bugs
from code execution into an abort. Level 3 knows the sizes of allocated memory too.

It costs next to nothing and catches what a stack canary notices too late or not at all: overflows of the heap, of
static buffers, and of one variable into the next.`,
  evidence: `
**glibc**: by the functions called (undefined symbols; in a static program those of \`.symtab\`). \`__sprintf_chk\` is
checked, \`sprintf\` is not. Level 2 replaces the printf family whatever the sizes are, so a plain \`printf\` is proof of
code built without it; \`memcpy\`, \`strcpy\` and most others also stay plain where the size is known to fit or not known
at all, and prove nothing. So do \`sprintf\` and \`snprintf\` where the format is "%s" or without \`%\`; by any other constant format (x86, Arm, AArch64,
RISC-V) they prove as much as \`printf\`. Nor does a \`printf\` whose address is only stored or passed on: it counts when a PLT slot, a jump
through the GOT, or in an object file the relocation of a call shows one. clang leaves the printf family alone in C++ before glibc 2.40, so there it proves nothing
either.

**Next to another language** (Go, Rust) only calls by functions of C count: a plain \`printf\`, or a \`strcpy\` into an array of the function
itself, shows that the C code was built without. In a Go program a plain \`fprintf\` in Go's own C code shows the same, since that
is built with the flags of the program's.

**Level**: glibc is passed the level minus one as the flag argument of \`__printf_chk\` and its relatives; it is read from
the constant before each call (x86, Arm, AArch64 and RISC-V).

**musl**: has no checked variants. Alpine's fortify-headers inline the check and trap, without any name, so no verdict
is possible and the answer is unknown. They leave \`printf\` to a stream, \`open\`, \`syslog\` and \`inet_pton\` alone: where no other function
with a checked variant is called, there is nothing to check. Traps behind a conditional branch are a hint on x86 and AArch64: one in 8
to 20 KiB of code with fortify-headers, none without. The report says likely where there are ${traps.enough} or more, one at least in ${traps.sparsest >> 10} KiB, and
unlikely where ${traps.muchCode >> 10} KiB have none. On other machines how they look is not known.

\`readelf -W --dyn-syms FILE | grep -E '_chk|printf'\` shows the names.`,
  remediation: {
    gcc: 'Compile with `-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3` (2 before gcc 12). It does nothing without optimisation.',
    clang: 'Compile with `-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3`.',
    cmake: '`add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=3>)`',
    zig: 'For C code, `zig cc -O2 -D_FORTIFY_SOURCE=3`.',
    go: "For cgo, `CGO_CFLAGS='-O2 -D_FORTIFY_SOURCE=3'`.",
    rustc: "For C code in a crate, `CFLAGS='-O2 -D_FORTIFY_SOURCE=3'` for the `cc` crate's builds.",
    alpine:
      "Install fortify-headers (part of build-base): Alpine's gcc then defines `_FORTIFY_SOURCE=2` by itself when it optimises.",
    debian:
      'Build with `dpkg-buildflags`: `-D_FORTIFY_SOURCE=2` is in its default CPPFLAGS, which build systems without CPPFLAGS ignore.',
  },
  references: [
    'https://www.gnu.org/software/libc/manual/html_node/Source-Fortification.html',
    'https://developers.redhat.com/articles/2022/09/17/gccs-new-fortification-level',
    'https://git.2f30.org/fortify-headers/',
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
  ],
  exempt: {
    ...notPrograms,
    ...kindsOf(['kernel-code'], 'the kernel has a fortified string library of its own'),
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-fortify-2',
      'x86_64-glibc-gcc-pie-fortify-3',
      'x86_64-glibc-gcc-pie-fortify-formatchecked',
      'x86_64-glibc-gcc-pie-hardened-nosections',
      'x86_64-glibc-gcc-pie-fortify-pointer',
      'x86_64-glibc-gcc-nopie-fortify-pointer',
      'x86_64-glibc-gcc-object-passedon',
      'aarch64-glibc-gcc-pie-fortify-3',
      'aarch64-glibc-gcc-pie-fortify-pointer',
      'aarch64-glibc-gcc-pie-hardened-nosections',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-fortify-1',
      'x86_64-glibc-gcc-pie-fortify-none',
      'x86_64-glibc-gcc-pie-fortify-format',
      'x86_64-glibc-gcc-pie-fortify-partial',
      'x86_64-glibc-gcc-pie-fortify-noplt',
      'aarch64-glibc-gcc-pie-fortify-none',
      'aarch64-glibc-gcc-pie-fortify-noplt',
      'riscv64-glibc-gcc-pie-fortify-format',
      'arm-glibc-gcc-pie-fortify-format',
    ],
    unknown: [
      'x86_64-glibc-gcc-pie-fortify-sized',
      'x86_64-glibc-gcc-static-none-stripped',
      'x86_64-musl-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
    ],
    'not-applicable': [
      'x86_64-other-clang-pie-openbsd',
      'x86_64-glibc-gcc-pie-nobuffers',
      'x86_64-none-gcc-static-noreturn',
      'x86_64-none-go-static-stripped',
      'x86_64-glibc-rust-pie-stripped',
    ],
  },
  needs: ['fortify', 'libc', 'language', 'otherSystem'],
  degree({ fortify: { state, level, calls, fortified, fortifiable } }) {
    if (state === 'nothing-to-check') return { share: [0, 0] };
    const isSeen = ['checked', 'partly', 'unchecked', 'sizes-decide'].includes(state);
    if (!isSeen) return null;
    const share = [fortified.length, fortified.length + fortifiable.length] as const;
    if (state === 'unchecked') return { share, level: '0' };
    // One call may have been given its flag for another reason.
    const isSure = level !== null && calls !== null && calls[level] > 1;
    return isSure ? { share, level: String(level) } : { share };
  },
  check({ fortify, libc, language, otherSystem }) {
    const evidence = evidenceOf(fortify);
    const isPlain = fortify.fortified.length === 0;
    if (isPlain && otherSystem !== null && withoutVariants.includes(otherSystem.name))
      return notApplicable(`${otherSystem.name} has no checked variants`, [
        ...evidence,
        ...otherSystem.evidence,
      ]);
    if (libc.how === 'itself') {
      const itself = [...evidence, ...libc.evidence];
      return notApplicable('this is the C library: it contains the functions that check', itself);
    }
    const { fortifiable, unfortified } = fortify;
    switch (fortify.state) {
      case 'checked':
        return pass(checkedMessage(fortify), evidence);
      case 'partly':
        return fail(partlyMessage(fortify), evidence, { severity: 'low' });
      case 'unchecked':
        return fail(
          unfortified.length === 0
            ? `none of ${count(fortifiable.length, 'function')} with a checked variant is checked, not even where one fills an array of its caller`
            : `none of ${count(fortifiable.length, 'function')} with a checked variant is checked, not even ${listed(unfortified)}`,
          evidence,
        );
      case 'sizes-decide':
        return unknown(
          `${listed(fortifiable)} ${fortifiable.length === 1 ? 'is' : 'are'} called without checks, as they are too where the compiler finds the size right or unknown`,
          evidence,
        );
      case 'no-names':
        return unknown(muslMessage(fortify), evidence);
      case 'hidden':
        return unknown(
          'a static file does not show by names what its own code, other than its C library, calls',
          evidence,
        );
      case 'nothing-to-check':
        return notApplicable(nothingMessage(fortify), [
          ...evidence,
          searched(fortify),
          ...libc.evidence,
        ]);
      case 'not-offered':
        return notApplicable(`${libc.name} has no checked variants`, evidence);
      case 'other-runtime':
        return notApplicable(
          'the code is in a language that checks bounds by itself and does not use the C headers, and no C code next to it calls a function with a checked variant',
          [...evidence, ...evidenceOfRuntime(language)],
        );
    }
  },
});

/**
 * Their headers and C libraries have no checked variants. FreeBSD's do since 14.2 (include/ssp), NetBSD's in <ssp/ssp.h>; GCC's libssp
 * brings some anywhere (libssp/ssp of its sources), which a file then imports.
 */
const withoutVariants: readonly string[] = ['OpenBSD', 'Solaris', 'Fuchsia'];

function nothingMessage({ fortifiable }: Fortify): string {
  return fortifiable.length === 0
    ? 'no function with a checked variant is called'
    : `no function is called that headers for musl check: they leave ${listed(fortifiable)} alone`;
}

function searched({ searchedAt }: Fortify): Evidence {
  const none = { what: 'functions with a checked variant', saw: 'none' };
  return searchedAt === null ? none : { ...none, offset: BigInt(searchedAt) };
}

/** What shows that the code is that of another language. */
function evidenceOfRuntime(language: KnownFacts<'language'>['language']): Evidence[] {
  return language
    .filter(({ hardenedBy }) => hardenedBy === 'runtime')
    .flatMap(({ evidence }) => evidence);
}

type Fortify = KnownFacts<'fortify'>['fortify'];

function evidenceOf({
  source,
  fortified,
  unfortified,
  fortifiable,
  calls,
  traps,
  searchedAt,
}: Fortify): Evidence[] {
  const evidence: Evidence[] = [];
  const named = (what: string, names: readonly string[]) => {
    if (names.length === 0) return;
    const found = { what: `${what} in ${source}`, saw: names.join(', ') };
    evidence.push(searchedAt === null ? found : { ...found, offset: BigInt(searchedAt) });
  };
  named('checked functions', fortified);
  named('functions that level 2 always replaces', unfortified);
  if (fortifiable.length > 0) {
    evidence.push({ what: 'functions with a checked variant', saw: String(fortifiable.length) });
  }
  if (calls !== null) {
    const saw = `level 1: ${calls[1]}, level 2: ${calls[2]}, level 3: ${calls[3]}, unclear: ${calls.unclear}`;
    evidence.push({ what: 'calls of checked functions', saw });
  }
  if (traps !== null) {
    const saw = `${traps.count} in ${traps.codeSize >> 10} KiB of code`;
    evidence.push({ what: 'traps behind a conditional branch', saw });
  }
  return evidence;
}

function checkedMessage({ fortified, fortifiable, level }: Fortify): string {
  const left =
    fortifiable.length === 0 ? '' : `; ${fortifiable.length} more could be where sizes are known`;
  return `${count(fortified.length, 'C library function')} ${fortified.length === 1 ? 'is' : 'are'} called with checks${at(level)}${left}`;
}

function partlyMessage({ fortified, unfortified, level }: Fortify): string {
  if (level === 1) {
    return `level 1 only: ${count(fortified.length, 'function')} checked, but ${listed(unfortified)} without checks of their formats`;
  }
  return `${count(fortified.length, 'function')} called with checks${at(level)}, but ${listed(unfortified)} without: a part was built without _FORTIFY_SOURCE`;
}

function at(level: Fortify['level']): string {
  return level === null ? '' : ` (level ${level})`;
}

function muslMessage({ hint, traps }: Fortify): string {
  const size = `${(traps?.codeSize ?? 0) >> 10} KiB of code`;
  switch (hint) {
    case 'likely':
      return `musl has no checked variants that could be seen, but ${traps?.count} traps behind comparisons in ${size} look like those of fortify-headers: likely fortified`;
    case 'unlikely':
      return `musl has no checked variants that could be seen, and ${size} without a single trap behind a comparison look built without fortify-headers: likely not fortified`;
    case 'unreadable':
      return 'musl has no checked variants that could be seen, and how the checks of fortify-headers look on the machine that it is for is not known';
    case 'foreign':
      return 'musl has no checked variants that could be seen, and a language runtime in the file traps in its own checks as those of fortify-headers do';
    default:
      return 'musl has no checked variants that could be seen, and the code is too small or too mixed to show what fortify-headers leave in it';
  }
}
