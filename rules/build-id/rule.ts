import { defineRule, fail, freestanding, notApplicable, pass } from '../../src/judge/rule.ts';

export default defineRule({
  title: 'The build can be identified',
  severity: 'note',
  securitySeverity: 1.0,
  cwe: [1059],
  since: '0.1.0',
  rationale: `
A build ID is a hash that the linker computes over the program. It connects a running process, a crash report, a core file
and a stripped binary with the exact build and its debug information (also on debuginfod servers), and proves whether the file in an image is the
one that was built. Without it, an incident investigation begins with finding out which version was running.`,
  evidence: `
The note \`NT_GNU_BUILD_ID\` in a \`PT_NOTE\` segment, or the Go toolchain's own build ID note.

    readelf -nW FILE | grep -A1 BUILD_ID
    go tool buildid FILE`,
  remediation: {
    gcc: 'Link with `-Wl,--build-id=sha1`. Compilers of most distributions do so by default; one built from upstream needs `--enable-linker-build-id`.',
    clang:
      'Link with `-Wl,--build-id=sha1`: clang does not request it from the linker unless it was configured to.',
    rustc: 'Add `-C link-arg=-Wl,--build-id=sha1` to `RUSTFLAGS`.',
    go: `
Go writes its own build ID unless \`-ldflags=-buildid=\` empties it, and since Go 1.24 GNU's as well. Before, give one:
\`-ldflags "-B 0x$(git rev-parse HEAD)"\`.`,
    zig: 'Build with `--build-id=sha1`.',
    cmake: '`add_link_options(LINKER:--build-id=sha1)`',
    alpine:
      'Since 3.19 abuild links with `--build-id=sha1`; a package from an older release has to be built again.',
    debian:
      "Debian's gcc adds it by default; look for `-Wl,--build-id=none`, or for `strip -R .note.gnu.build-id`.",
  },
  references: [
    'https://sourceware.org/binutils/docs/ld/Options.html',
    'https://fedoraproject.org/wiki/RolandMcGrath/BuildID',
    'https://sourceware.org/elfutils/Debuginfod.html',
  ],
  exempt: {
    ...freestanding,
    object: 'an object file is not linked yet',
    core: 'a core file is an image of a process, not a build',
    'kernel-config': 'the configuration of a kernel is a text',
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-nobuildid',
      'x86_64-musl-gcc-pie-nobuildid',
      'aarch64-glibc-gcc-pie-nobuildid',
    ],
    unknown: ['x86_64-musl-gcc-static-packed', 'aarch64-musl-gcc-static-packed'],
    'not-applicable': ['x86_64-glibc-gcc-object-hardened', 'x86_64-none-core'],
  },
  needs: ['kind', 'buildId'],
  check({ kind, buildId }) {
    const wasLinked = !kind.evidence.some(({ saw }) => saw === 'ET_REL');
    if (buildId === null && kind.kind === 'debug-only' && !wasLinked) {
      return notApplicable('debug information that was never linked', kind.evidence);
    }
    if (buildId === null)
      return fail('has no build ID', [{ what: 'NT_GNU_BUILD_ID', saw: 'none' }]);
    return pass(`build ID ${buildId.id}`, buildId.evidence);
  },
});
