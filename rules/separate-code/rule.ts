import { defineRule, fail, kindsOf, notApplicable, notLoaded, pass } from '../../src/judge/rule.ts';

export default defineRule({
  title: 'Only code is executable',
  severity: 'note',
  securitySeverity: 1.0,
  cwe: [1327],
  since: '0.1.0',
  rationale: `
Without segments of its own, code shares an executable segment with the ELF header, the symbol tables and the constants
of the program. None of that was meant to run, but all of it can: bytes of tables and strings serve as additional gadgets
for return-oriented programming. Linkers separate them with \`-z separate-code\`.`,
  evidence: `
An executable PT_LOAD that begins at file offset 0 holds the ELF header, and with it what linkers put behind it. That is
how GNU ld links without \`-z separate-code\`: the default before binutils 2.31, and still on aarch64, arm and most other
machines than x86. lld and mold always separate.

\`readelf -lW FILE\` shows it: the first LOAD is \`R E\` instead of \`R\`.`,
  remediation: {
    gcc: 'Link with `-Wl,-z,separate-code`. It costs up to two pages of address space for each file.',
    clang: 'lld separates by default; with GNU ld link with `-Wl,-z,separate-code`.',
    rustc: '`-C link-arg=-Wl,-z,separate-code`',
    go: "Go's own linker always puts its headers among code; with external linking use `-extldflags=-Wl,-z,separate-code`.",
    cmake: '`add_link_options(-Wl,-z,separate-code)`',
    alpine:
      'The default on x86 and x86_64 since Alpine 3.9; elsewhere add `-Wl,-z,separate-code` to LDFLAGS in the APKBUILD.',
    debian:
      'The default on amd64 and i386 since Debian 10; elsewhere append `-Wl,-z,separate-code` with DEB_LDFLAGS_MAINT_APPEND.',
  },
  references: [
    'https://sourceware.org/binutils/docs/ld/Options.html',
    'https://www.kernel.org/doc/html/latest/security/self-protection.html',
  ],
  exempt: {
    ...notLoaded,
    ...kindsOf(['kernel-code'], 'the kernel lays itself out'),
    'kernel-module': 'the kernel lays modules out itself',
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-glibc-clang-nopie-bare',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-clang-pie-hardened',
    ],
    fail: [
      'x86_64-glibc-gcc-nopie-bare',
      'x86_64-musl-gcc-nopie-bare',
      'aarch64-glibc-gcc-nopie-bare',
      'aarch64-musl-gcc-pie-alpine',
    ],
    unknown: ['x86_64-musl-gcc-static-packed'],
    'not-applicable': ['x86_64-glibc-gcc-object-hardened', 'x86_64-glibc-gcc-debugonly'],
  },
  needs: ['separateCode'],
  check({ separateCode: { executableSegments, withHeaders } }) {
    if (executableSegments === 0) return notApplicable('the file has no executable segment');
    if (withHeaders.length > 0) {
      return fail(
        'headers, tables and constants are executable: they share a segment with code',
        withHeaders,
      );
    }
    return pass('code has segments of its own', [
      { what: 'executable segments with the ELF header', saw: `none of ${executableSegments}` },
    ]);
  },
});
