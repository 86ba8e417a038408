import {
  defineRule,
  fail,
  kindsOf,
  notApplicable,
  notLoaded,
  pageAnswer,
  pass,
  sizesText,
  unknown,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'It starts on every kernel of its machine, whatever its page size is',
  severity: 'low',
  otherSeverities: ['medium'],
  securitySeverity: 2.0,
  cwe: [1103],
  since: '0.1.0',
  rationale: `
64-bit Arm, LoongArch, MIPS and PowerPC have kernels with pages of 4, 16 and 64 KiB: most Arm servers use 4 KiB, a Raspberry Pi 5 and
Asahi Linux 16 KiB, kernels of Red Hat for large machines 64 KiB, and nearly all of ppc64le 64 KiB. A kernel maps whole pages. A
program whose segments are aligned to 4 KiB alone dies at start where pages are larger, and so does one with a memory
allocator that was built for smaller pages. On the machine that built it nothing shows it.`,
  evidence: `
By the PT_LOAD segments (\`readelf -lW FILE\`): a segment can be mapped with pages of a size if its offset and its address leave the
same remainder by it. Otherwise the kernel ends the program with SIGSEGV, glibc's loader refuses the library ("ELF load command
address/offset not page-aligned"), and musl's maps other bytes. Where a segment begins in the last page of the one before it and takes
away its bytes or its rights, it depends on what the code does: unknown. Where that page holds the entry point and loses the right to be
executed, the program ends at its first instruction.

A program whose PT_GNU_RELRO reaches over pages that no segment maps ends at start ("cannot apply additional memory protection after
relocation"): lld 16 makes such files where \`-z common-page-size\` is larger than the kernel's pages.

jemalloc compares the size of a page with the one that it was built for, and fails at its first call if that is smaller
(\`<jemalloc>: Unsupported system page size\`). In aarch64 code the comparison that leads to this message shows the number. On other
machines, and where no comparison is found, the verdict is unknown.

Machines with one page size alone are not judged: x86, RISC-V, s390x, and all 32-bit machines, whose programs only
kernels with pages of 4 KiB run.`,
  remediation: {
    gcc: 'Drop `-Wl,-z,max-page-size=4096` and `-Wl,-n`: the default of GNU ld, 64 KiB on these machines, fits all kernels. It costs no memory, and hardly any bytes of the file.',
    clang: 'Drop `-Wl,-z,max-page-size=4096`: the default of lld fits all kernels of the machine.',
    rustc:
      'Build crates with jemalloc with `JEMALLOC_SYS_WITH_LG_PAGE=16`; drop `-C link-arg=-Wl,-z,max-page-size=4096`.',
    cmake: 'Build jemalloc with `--with-lg-page=16`, which fits pages of up to 64 KiB.',
    go: "Go's own linker aligns to 64 KiB; drop `-extldflags=-Wl,-z,max-page-size=4096`.",
  },
  references: [
    'https://docs.kernel.org/arch/arm64/memory.html',
    'https://github.com/jemalloc/jemalloc/blob/dev/INSTALL.md',
    'https://sourceware.org/binutils/docs/ld/Options.html',
  ],
  exempt: {
    ...notLoaded,
    ...kindsOf(['kernel-code'], (called) => `${called} makes the pages itself`),
  },
  samples: {
    pass: [
      'aarch64-other-clang-pie-android',
      'aarch64-glibc-gcc-pie-default',
      'aarch64-glibc-clang-pie-allocator-64k',
    ],
    fail: [
      'aarch64-glibc-gcc-pie-hardened',
      'ppc64le-glibc-gcc-pie-hardened',
      'aarch64-glibc-clang-pie-allocator-4k',
      'aarch64-glibc-clang-pie-largerelro',
      'aarch64-none-gcc-static-entrypage',
    ],
    unknown: ['aarch64-none-gcc-static-tiny', 'aarch64-musl-gcc-static-packed'],
    'not-applicable': ['x86_64-glibc-gcc-pie-hardened', 'arm-glibc-gcc-pie-hardened'],
  },
  needs: ['pageSizes', 'machine', 'system', 'otherSystem'],
  check({ pageSizes, machine, system, otherSystem }) {
    if (otherSystem !== null)
      return notApplicable(
        `kernels with larger pages are those of Linux, and it is for ${otherSystem.name}`,
        otherSystem.evidence,
      );
    const { evidence } = pageSizes;
    // A note alone does not keep a file from other kernels.
    const sizes =
      system.name === 'Android' && system.requires.length > 0
        ? pageSizes.sizes.filter(({ size }) => size <= largestOfAndroid)
        : pageSizes.sizes;
    const [only, ...others] = sizes;
    if (only === undefined || others.length === 0) {
      const size = only === undefined ? 'one size' : sizesText([only]);
      return notApplicable(`every kernel that runs ${machine.name} programs has pages of ${size}`);
    }
    const answer = pageAnswer(pageSizes, sizes);
    if (answer.outcome === 'fail') {
      const message = `it does not run on kernels with pages of ${sizesText(answer.refused)}: ${answer.why}`;
      // What most kernels of the machine refuse is more than a limit of its use.
      const isUsual = answer.refused.some((size) => size.isUsual);
      return fail(message, evidence, isUsual ? { severity: 'medium' } : {});
    }
    if (answer.outcome === 'unknown') return unknown(answer.says, evidence);
    return pass(`it runs on kernels with pages of ${sizesText(sizes)}`, evidence);
  },
});

/** Android has kernels with pages of 4 and 16 KiB (source.android.com, 16 KB page size). */
const largestOfAndroid = 16 * 1024;
