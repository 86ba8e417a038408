import {
  defineRule,
  fail,
  type KnownFacts,
  kindsOf,
  notApplicable,
  notPrograms,
  pass,
  type Verdict,
  worst,
} from '../../src/judge/rule.ts';

export default defineRule({
  title: 'Needed libraries are found by name, not by path',
  severity: 'high',
  otherSeverities: ['medium', 'low', 'note'],
  securitySeverity: 7.3,
  cwe: [426, 427],
  since: '0.1.0',
  rationale: `
A library is needed by its name, and the loader's search decides where it comes from. A slash in the name makes it a
path. A relative path starts at the current directory: anyone who can put a file below a directory in which the program
is started can run their code in it, also in a setuid program. An absolute path is safe from that, but the library
cannot be replaced by an update elsewhere, and a path of the build machine does not exist in the image, or anyone may be
able to create it.`,
  evidence: `
Each DT_NEEDED. One that contains a slash is opened as it stands by glibc and musl: relative to the current directory
unless it begins with \`/\`. glibc expands \`$ORIGIN\`, \`$LIB\` and \`$PLATFORM\` in it; musl does not, so the library is
never found there. It comes from linking with a path to a library that has no SONAME.

\`readelf -dW FILE | grep NEEDED\` shows them.`,
  remediation: {
    gcc: 'Give the library a SONAME (`-Wl,-soname,libNAME.so.1`) and link with `-L DIRECTORY -lNAME` instead of a path to the file.',
    clang:
      'Give the library a SONAME (`-Wl,-soname,libNAME.so.1`) and link with `-L DIRECTORY -lNAME` instead of a path to the file.',
    rustc:
      'In build.rs use `cargo:rustc-link-search=DIRECTORY` and `cargo:rustc-link-lib=NAME` instead of a path in `rustc-link-arg`.',
    go: 'In `#cgo LDFLAGS` use `-LDIRECTORY -lNAME` instead of a path to the library.',
    cmake:
      'Imported libraries without SONAME need `set_target_properties(NAME PROPERTIES IMPORTED_NO_SONAME ON)`, so that CMake links them by name.',
    image:
      '`patchelf --replace-needed PATH NAME FILE`, with the library in a directory that the loader searches.',
  },
  references: [
    'https://man7.org/linux/man-pages/man8/ld.so.8.html',
    'https://cmake.org/cmake/help/latest/prop_tgt/IMPORTED_NO_SONAME.html',
    'https://cwe.mitre.org/data/definitions/427.html',
  ],
  exempt: {
    ...notPrograms,
    object: 'object files need no libraries: the link decides',
    ...kindsOf(['kernel-code'], 'the kernel needs no libraries'),
    'kernel-module': 'modules need no libraries',
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
    ],
    fail: ['x86_64-glibc-gcc-pie-needed-absolute', 'x86_64-glibc-gcc-pie-needed-relative'],
    unknown: ['x86_64-musl-gcc-static-packed'],
    'not-applicable': [
      'x86_64-none-gcc-static-tiny',
      'aarch64-none-gcc-static-tiny',
      'x86_64-glibc-gcc-object-hardened',
    ],
  },
  needs: ['needed', 'libc'],
  degree({ needed }) {
    const paths = needed.filter((name) => name.includes('/'));
    return paths.length === 0 ? null : { faults: paths };
  },
  check({ needed, libc }) {
    if (needed.length === 0) return notApplicable('no library is needed');
    const paths = needed.filter((name) => name.includes('/'));
    const failure = worst(
      paths.map((path) => judgePath(path, libc)),
      'high',
    );
    if (failure !== undefined) return failure;
    const evidence = needed.map((saw) => ({ what: 'DT_NEEDED', saw }));
    const names =
      needed.length === 1 ? 'the needed library is' : `all ${needed.length} needed libraries are`;
    return pass(`${names} searched by name`, evidence);
  },
});

/** Dynamic string tokens of glibc (ld.so(8)). */
const token = /^\$(ORIGIN|\{ORIGIN\}|LIB\b|\{LIB\}|PLATFORM|\{PLATFORM\})/;

function judgePath(name: string, libc: KnownFacts<'libc'>['libc']): Verdict {
  const evidence = [{ what: 'DT_NEEDED', saw: name }];
  if (token.test(name)) {
    if (libc.name === 'musl') {
      return fail(`"${name}" is never found: musl expands no token in DT_NEEDED`, evidence, {
        severity: 'medium',
      });
    }
    return fail(`"${name}" binds the library to a place next to the file`, evidence, {
      severity: 'note',
    });
  }
  if (name.startsWith('/')) {
    return fail(`"${name}" is opened at this path and nowhere else`, evidence, { severity: 'low' });
  }
  return fail(
    `"${name}" is opened relative to the directory in which the program is started`,
    evidence,
  );
}
