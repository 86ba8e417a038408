import { defineRule, fail, kindsOf, notApplicable, notLoaded, pass } from '../../src/judge/rule.ts';

export default defineRule({
  title: 'No memory of the program is both writable and executable',
  severity: 'high',
  otherSeverities: ['low'],
  securitySeverity: 7.8,
  cwe: [119, 693],
  since: '0.1.0',
  rationale: `
Memory should be writable or executable, never both (W^X). A segment that is both saves an attacker the hardest part:
what a bug lets them write is code, at an address that they know. No return-oriented chain is needed, and a
non-executable
stack does not help.`,
  evidence: `
Every PT_LOAD whose flags have PF_W and PF_X, with or without PF_R: most machines cannot forbid reading what is
writable. The permissions are those of the program header table, which the kernel and the loader apply; section flags
say nothing. A PT_TLS with PF_X is reported with low weight: loaders ignore the flag, but code among thread-local data
is never meant. Behind the file bytes of a segment with PF_X Linux maps zeros that are writable too, where p_memsz says so: pages of
these that no other segment lies over fail as well. On i386, 32-bit Arm and PowerPC Linux takes a program without PT_GNU_STACK for
one from before such protection, and makes everything executable that can be read: its data and heap too. Of a packed file the stub's own segments are judged, for they are real.

\`readelf -lW FILE | grep -E 'LOAD.*W ?E'\` shows them.`,
  remediation: {
    gcc: 'Find the cause with `-Wl,--warn-rwx-segments` (on by default since binutils 2.39): `-N`/`--omagic`, `-z execstack` style linker scripts, `__attribute__((section(...)))` that mixes code and data, or assembly with `.section name,"awx"`.',
    clang:
      'The same causes; lld does not merge code and data unless `-N` (`--omagic`) or a linker script makes it.',
    rustc:
      'Look for `#[link_section]` attributes that put code among data (or the reverse) and for linker scripts in build.rs.',
    go: 'The default is right; look for linker scripts or `-N` in `-extldflags`.',
    zig: 'Look for linker scripts and `linksection` that mixes code and data.',
    cmake:
      'Remove `-Wl,-N`, `-Wl,--omagic` and linker scripts that put code and data into one segment; `add_link_options(-Wl,--fatal-warnings)` makes binutils 2.39 and later refuse such a link.',
    alpine: 'Repair the package: the linker of Alpine 3.17 and later warns of it in the build log.',
    debian: 'Repair the package: the linker of Debian 12 and later warns of it in the build log.',
  },
  references: [
    'https://www.redhat.com/en/blog/linkers-warnings-about-executable-stacks-and-segments',
    'https://sourceware.org/binutils/docs/ld/Options.html',
    'https://cwe.mitre.org/data/definitions/693.html',
  ],
  exempt: {
    ...notLoaded,
    ...kindsOf(['kernel-code'], 'the kernel sets the permissions of its memory itself'),
    'kernel-module': 'the kernel sets the permissions of module memory itself',
  },
  judgesPacked: true,
  samples: {
    pass: [
      'arm-none-gcc-static-cortexmsvc',
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
      'x86_64-musl-gcc-static-packed',
      'mips-glibc-gcc-nopie-bare',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-writablecode',
      'aarch64-glibc-gcc-pie-writablecode',
      'i386-glibc-gcc-pie-nostackheader',
    ],
    unknown: ['x86_64-none-gcc-static-writescode', 'x86_64-none-gcc-staticpie-cut'],
    'not-applicable': [
      'arm-none-gcc-static-cortexm',
      'aarch64-none-gcc-static-boot',
      'x86_64-none-gcc-static-boot',
      'x86_64-glibc-gcc-pie-truncated',
      'x86_64-glibc-gcc-object-hardened',
      'x86_64-glibc-gcc-debugonly',
    ],
  },
  needs: ['writableCode'],
  check({ writableCode: { segments, threadLocal, zeros, implied, loads } }) {
    if (segments.length > 0) {
      const many = `${segments.length} of ${loads} PT_LOAD segments are`;
      return fail(
        `${segments.length === 1 ? 'a PT_LOAD segment is' : many} writable and executable`,
        segments,
      );
    }
    if (zeros.length > 0) {
      return fail(
        'the zeros behind an executable segment are writable and executable: its p_memsz exceeds p_filesz',
        zeros,
      );
    }
    if (implied.length > 0) {
      return fail(
        'there is no PT_GNU_STACK, so Linux makes all readable memory executable, what is writable too',
        [{ what: 'PT_GNU_STACK', saw: 'none' }, ...implied],
      );
    }
    if (threadLocal.length > 0) {
      return fail('thread-local data is marked executable', threadLocal, { severity: 'low' });
    }
    if (loads === 0) return notApplicable('the file has no segment that is loaded');
    return pass(`none of ${loads} PT_LOAD segments is writable and executable`, [
      { what: 'PT_LOAD segments with W and E', saw: 'none' },
    ]);
  },
});
