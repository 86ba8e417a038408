import { defineRule, fail, kindsOf, notPrograms, pass, unknown } from '../../src/judge/rule.ts';

export default defineRule({
  title: 'Executables can be loaded at any address',
  severity: 'high',
  otherSeverities: ['low'],
  securitySeverity: 7.5,
  cwe: [693, 1188],
  since: '0.1.0',
  rationale: `
The kernel places a position-independent executable (PIE) at another random address in every process. A program linked to
a fixed address (\`ET_EXEC\`) has its code, its PLT, its GOT and its global variables at the same known addresses everywhere,
whatever the system's ASLR setting is. An attacker who can overwrite one return address or function pointer then needs
no information leak to jump to useful code, or to build a return-oriented chain from it.`,
  evidence: `
The kernel decides by \`e_type\` alone: \`ET_EXEC\` stays where the linker put it, \`ET_DYN\` moves. \`DF_1_PIE\` in
\`DT_FLAGS_1\`, \`PT_INTERP\`, \`DT_DEBUG\` and the exported symbols show whether a file is a program or a library. So
neither a static PIE
(no interpreter) nor one whose linker did not yet write \`DF_1_PIE\` is mistaken for a library, nor a library for a PIE.
Linux rounds the address that it draws by the largest \`p_align\` of a \`PT_LOAD\`. Beyond 1 GiB (512 KiB in 32 bits) hardly any
is left to draw, and the program fails as one with a fixed address does. So does one of type \`ET_DYN\` that begins at another
address than 0 and has no relative relocation: \`ld.so FILE\` starts it where it was linked to, and nothing can start it elsewhere.
With such relocations the kernel moves it and \`ld.so FILE\` does not, which is unknown.

    readelf -hW FILE | grep Type:         # EXEC fails; DYN is looked at more closely
    readelf -dW FILE | grep -E 'FLAGS_1|SONAME|DEBUG'
    readelf -lW FILE | grep -E 'INTERP|LOAD'   # Align is the last column`,
  remediation: {
    gcc: `
Compile with \`-fPIE\` and link with \`-pie\`; for a static program link with \`-static-pie\` instead of \`-static\`. These are
for programs only: a library (\`-shared\`) of the same build does not link with them. Compilers
of distributions do it by default: look for a \`-no-pie\` or \`-static\` in the build. Every object and static library that
is linked in has to be compiled with \`-fPIE\` or \`-fPIC\` too. \`musl-gcc\` of Debian makes no static PIE (the result
requires musl's loader): build on Alpine, whose gcc does.`,
    clang: `
Compile with \`-fPIE\` and link with \`-pie\` (\`-static-pie\` for a static program). Clang built from upstream sources makes
PIEs by default since version 14.`,
    rustc: `
\`rustc\` makes PIEs on all Linux targets by default; remove \`-C relocation-model=static\` (or \`dynamic-no-pic\`) from
\`RUSTFLAGS\`, \`.cargo/config.toml\` and target specifications. \`*-linux-musl\` targets give a static PIE since Rust 1.46.`,
    go: `
Link a static PIE, which starts in every image: \`CGO_ENABLED=1 go build -buildmode=pie -ldflags '-linkmode=external
-extldflags=-static-pie'\` (needs gcc; add \`-tags netgo,osusergo\` where the program looks up hosts or users). \`go
build -buildmode=pie\` alone requires the loader of the libc that it is built on, even with \`CGO_ENABLED=0\`: built on
Debian, it starts on Debian.`,
    zig: 'Build with `zig build-exe -fPIE`, or set `exe.pie = true` in `build.zig`.',
    cmake: `
\`set(CMAKE_POSITION_INDEPENDENT_CODE ON)\`, and \`include(CheckPIESupported)\` with \`check_pie_supported()\` (CMake 3.14):
without it CMake compiles with \`-fPIE\` but does not link with \`-pie\`.`,
    alpine: `
Alpine's gcc makes PIEs by default, and \`abuild\` sets \`GOFLAGS=-buildmode=pie\`. A fixed address comes from the
APKBUILD or from upstream's makefile: look for \`-no-pie\`, \`-static\` and \`LDFLAGS\` that are replaced.`,
    debian: `
Debian's gcc makes PIEs by default; \`DEB_BUILD_MAINT_OPTIONS = hardening=+all\` also turns it on where the package's build
turned it off (\`dpkg-buildflags --query-features hardening\`).`,
  },
  references: [
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++',
    'https://wiki.debian.org/Hardening',
    'https://gcc.gnu.org/onlinedocs/gcc/Link-Options.html',
    'https://pkg.go.dev/cmd/go#hdr-Build_modes',
  ],
  exempt: {
    ...notPrograms,
    ...kindsOf(['library'], 'a shared library is position-independent by its type'),
    'executable-library':
      'a shared library that can also be run is position-independent by its type',
    loader: 'a dynamic loader is a shared library, position-independent by its type',
    object: 'an object file has no address before it is linked',
    ...kindsOf(['kernel-code'], 'the kernel moves itself, where it was built to'),
    'kernel-module': 'the kernel chooses the address of a module itself',
  },
  judgesPacked: true,
  samples: {
    pass: [
      'x86_64-glibc-rust-pie-stripped',
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-glibc-gcc-pie-hardened-nosections',
      'x86_64-glibc-gcc-pie-noflag',
      'x86_64-musl-gcc-pie-alpine',
      'x86_64-musl-gcc-staticpie-strong-nosections',
      'x86_64-none-gcc-staticpie-tiny',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-glibc-gcc-pie-noflag',
      'aarch64-musl-gcc-staticpie-strong-stripped',
      'mips-glibc-gcc-pie-strong',
      'x86_64-musl-gcc-staticpie-packed',
    ],
    fail: [
      'arm-none-gcc-static-cortexmsvc',
      'x86_64-musl-gcc-static-packed',
      'aarch64-musl-gcc-static-packed',
      'x86_64-glibc-gcc-nopie-bare',
      'x86_64-glibc-gcc-nopie-bare-nosections',
      'x86_64-musl-gcc-nopie-bare',
      'x86_64-musl-gcc-static-strong-stripped',
      'x86_64-none-gcc-static-tiny',
      'x86_64-none-go-static-stripped',
      'aarch64-glibc-gcc-nopie-bare',
      'aarch64-musl-gcc-nopie-bare',
      'mips-glibc-gcc-nopie-bare',
    ],
    unknown: [
      'x86_64-none-gcc-static-writescode',
      'x86_64-none-gcc-staticpie-cut',
      'aarch64-glibc-gcc-pie-truncated',
    ],
    'not-applicable': [
      'arm-none-gcc-static-cortexm',
      'aarch64-none-gcc-static-boot',
      'x86_64-none-gcc-static-boot',
      'x86_64-glibc-gcc-pie-truncated',
      'x86_64-glibc-gcc-lib-hardened',
      'x86_64-glibc-gcc-lib-plugin',
      'x86_64-glibc-gcc-lib-executable',
      'x86_64-musl-gcc-loader',
      'x86_64-glibc-gcc-object-hardened',
      'x86_64-none-gcc-module-bare',
      'x86_64-none-core',
      'x86_64-glibc-gcc-debugonly',
      'aarch64-musl-gcc-lib-hardened',
    ],
  },
  needs: ['kind', 'loadAddress', 'go'],
  check({ kind, loadAddress, go }) {
    if (loadAddress.chosenBy === 'loader') {
      const what = kind.kind === 'static-pie' ? 'a static PIE' : 'a PIE';
      return pass(`is ${what}: it is loaded at a random address`, kind.evidence);
    }
    if (loadAddress.chosenBy === 'caller') {
      return unknown(
        'is loaded at a random address by Linux, but where it was linked to by a loader that is started with it (ld.so FILE)',
        loadAddress.evidence,
      );
    }
    const [type] = loadAddress.evidence;
    if (loadAddress.chosenBy === 'linker' && type?.saw === 'ET_DYN') {
      return fail(
        'is linked to a fixed address, whatever its type says: no relocation lets it run at another one',
        loadAddress.evidence,
      );
    }
    if (loadAddress.chosenBy === 'alignment') {
      return fail(
        'is loaded at hardly any other address than one: the alignment of a segment leaves nothing of the random one',
        loadAddress.evidence,
      );
    }
    if (go === null || !go.table) return fail('is linked to a fixed address', kind.evidence);
    const message = 'is linked to a fixed address, as Go does without -buildmode=pie';
    // Memory-safe code leaves an attacker less to begin with.
    return go.cgo
      ? fail(message, kind.evidence)
      : fail(message, [...kind.evidence, ...go.evidence], { severity: 'low' });
  },
});
