import {
  count,
  defineRule,
  fail,
  kindsOf,
  notPrograms,
  pass,
  worst,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'The headers of the file contradict neither each other nor its content',
  severity: 'medium',
  otherSeverities: ['low', 'note'],
  securitySeverity: 5.5,
  cwe: [436, 1286],
  since: '0.1.0',
  rationale: `
The kernel, the loader, debuggers and scanners each read a part of an ELF file's headers. Where these contradict each
other and the file still starts, a scanner can be shown one program while another one runs. Linkers do not write such
files: either someone hides something, or a tool (a packer, a patcher, an interrupted copy) broke the file, which may
then fail at some loader, kernel or page size.`,
  evidence: `
Checked against the gABI and against what Linux and the loaders do:

- EI_CLASS and EI_DATA that name another layout than the one that Linux reads by e_machine and e_phentsize, and a second
  program that can be read by another class;
- PT_LOAD: more bytes in the file than in memory, beyond the end of the file or of the address space, not congruent
  (p_offset and p_vaddr differ modulo p_align), p_align not a power of two, at address 0 with fixed addresses,
  overlapping, not sorted by address;
- more than one PT_DYNAMIC, PT_INTERP, PT_PHDR, PT_TLS, PT_GNU_EH_FRAME, PT_GNU_STACK or PT_GNU_RELRO;
- PT_DYNAMIC, PT_INTERP, PT_PHDR and PT_GNU_EH_FRAME whose file offset and address name different places;
- an entry point outside every executable segment; a PT_INTERP without its NUL;
- a section table that cannot be read, or sections that show other bytes than are loaded at their address, or claim to be
  executable or writable in a segment that is not. The segments are believed;
- names of symbols, sections and libraries with characters that are not visible or that turn text around (U+202E and the like): what a
  person reads is another name;
- PT_NOTE and PT_GNU_PROPERTY over bytes that are not notes (\`low\`), or that are text for people (\`note\`): a tool that
  moved the notes and left a header behind, or a section that is called a note and holds a sentence. No program starts or
  fails by them, and no other rule is held up by them.

\`readelf -lSW FILE\` shows both tables; every finding names the header's file offset.`,
  remediation: {
    gcc: 'Link again with an unmodified linker, and compare the file before and after each later step (strip, patchelf, objcopy, packers).',
    clang:
      'Link again with an unmodified linker, and compare the file before and after each later step (llvm-strip, patchelf, objcopy, packers).',
    image:
      'Get the file again from where it was built, and compare digests: a damaged or manipulated file cannot be repaired in the image.',
    alpine:
      '`apk audit --system` lists files that differ from their package; `apk fix PACKAGE` restores them.',
    debian: '`debsums PACKAGE` or `dpkg -V PACKAGE` lists files that differ from their package.',
  },
  references: [
    'https://gabi.xinuos.com/elf/07-pheader.html',
    'https://github.com/torvalds/linux/blob/v6.10/fs/binfmt_elf.c',
    'https://cwe.mitre.org/data/definitions/436.html',
  ],
  exempt: {
    object: 'object files have no segments to contradict',
    ...kindsOf(['kernel-code'], 'the kernel is laid out by its own rules'),
    'kernel-module': 'modules have no segments to contradict',
    ...notPrograms,
    core: 'the segments of core files are those of a process',
    'debug-only': 'debug files keep headers whose bytes were left out on purpose',
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-glibc-gcc-pie-hardened-nosections',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
      's390x-glibc-gcc-pie-hardened',
      'ppc64le-glibc-gcc-nopie-bare',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-overlapping',
      'x86_64-glibc-gcc-pie-filesizeovermemory',
      'x86_64-glibc-gcc-pie-twodynamic',
      'aarch64-glibc-gcc-pie-overlapping',
    ],
    unknown: ['x86_64-musl-gcc-static-packed'],
    'not-applicable': [
      'x86_64-glibc-gcc-object-hardened',
      'x86_64-none-core',
      'x86_64-glibc-gcc-debugonly',
    ],
  },
  needs: ['wellFormedness'],
  check({ wellFormedness: { contradictions } }) {
    const [first] = contradictions;
    if (first === undefined) return pass('segments, sections and content agree');
    const evidence = contradictions.map(({ message, severity, ...seen }) => ({
      ...seen,
      what: `${message}: ${seen.what}`,
    }));
    const more = contradictions.length - 1;
    const rest = more === 0 ? '' : `, and ${count(more, 'more contradiction')}`;
    const { severity } = worst(contradictions, 'medium') ?? {};
    return fail(`${first.message}${rest}`, evidence, severity === undefined ? {} : { severity });
  },
});
