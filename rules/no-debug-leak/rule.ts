import { defineRule, fail, kindsOf, notPrograms, pass } from '../../src/judge/rule.ts';

export default defineRule({
  title: 'No debug information and no build paths are shipped',
  severity: 'note',
  securitySeverity: 2.0,
  cwe: [215, 497],
  since: '0.1.0',
  rationale: `
Debug information gives anyone who has the file the names, types and lines of the source. It saves an attacker the work
of reverse engineering, and often doubles the size of an image. Build paths (\`/home/NAME/...\`, \`/builds/GROUP/...\`)
reveal names of people, projects and machines, and make each build different from the last, so that it cannot be
reproduced. Debug information belongs in a file of its own, which tools find by the build ID.`,
  evidence: `
\`.debug_*\` sections; the folder of compilation (\`DW_AT_comp_dir\`); and string constants that name a source file below \`/home\`, \`/root\`,
\`/build\`, \`/builds\`, \`/Users\`, \`/tmp\`, \`/workspace\`, \`/github\` or \`/__w\`, as assertions and panics leave them even in stripped programs.
Start files of the C library are not counted. A symbol table (\`.symtab\`) alone is mentioned and does not fail.

    readelf -SW FILE | grep -E 'debug_|symtab'
    readelf --debug-dump=info --dwarf-depth=1 FILE | grep comp_dir
    strings FILE | grep -E '^/(home|builds?|root)/.*\\.(c|cc|h|rs|go)'`,
  remediation: {
    gcc: `
Move the debug information to a file of its own: \`objcopy --only-keep-debug prog prog.debug\`, \`strip prog\`,
\`objcopy --add-gnu-debuglink=prog.debug prog\`. Compile with \`-ffile-prefix-map=$PWD=.\`, which also rewrites \`__FILE__\`.`,
    clang:
      'As gcc: `objcopy --only-keep-debug`, `strip`, and `-ffile-prefix-map=$PWD=.`; or `-gsplit-dwarf` and keep the `.dwo` files.',
    rustc: `
In \`Cargo.toml\`: \`[profile.release] strip = true\` (or \`split-debuginfo = "packed"\`), and \`RUSTFLAGS="--remap-path-prefix=$HOME=~
--remap-path-prefix=$PWD=."\` for the paths in panics.`,
    go: 'Build with `go build -trimpath -ldflags "-s -w"`.',
    zig: 'Build with `-fstrip`, or set `exe.root_module.strip = true`.',
    cmake: `
Install with \`cmake --install build --strip\`, and map the paths:
\`add_compile_options(-ffile-prefix-map=\${CMAKE_SOURCE_DIR}=.)\`.`,
    alpine:
      'abuild strips what it packages unless `options="!strip"` is set; add a `-dbg` subpackage to keep the debug information.',
    debian:
      'dh_strip moves it into `-dbgsym` packages unless `DEB_BUILD_OPTIONS=nostrip` is set; `reproducible=+fixfilepath` maps the paths.',
  },
  references: [
    'https://gcc.gnu.org/onlinedocs/gcc/Overall-Options.html#index-ffile-prefix-map',
    'https://reproducible-builds.org/docs/build-path/',
    'https://sourceware.org/gdb/current/onlinedocs/gdb.html/Separate-Debug-Files.html',
  ],
  exempt: {
    ...notPrograms,
    object: 'an object file is an input of a build, not shipped to run',
    ...kindsOf(
      ['kernel-code'],
      'the kernel keeps its symbols for its own messages, and its debug information is kept elsewhere',
    ),
    'kernel-module':
      'tools read types of modules from their debug information (BTF) in a running kernel',
    'debug-only': 'to hold debug information is what this file is for',
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-glibc-gcc-pie-hardened-stripped',
      'x86_64-musl-gcc-pie-alpine-stripped',
      'aarch64-glibc-gcc-pie-hardened-stripped',
      'aarch64-musl-gcc-pie-alpine',
    ],
    fail: [
      'aarch64-musl-gcc-pie-debug',
      'x86_64-glibc-gcc-pie-debug',
      'x86_64-musl-gcc-pie-debug',
      'aarch64-glibc-gcc-pie-debug',
    ],
    unknown: ['x86_64-musl-gcc-static-packed', 'aarch64-musl-gcc-static-packed'],
    'not-applicable': ['x86_64-glibc-gcc-debugonly', 'x86_64-none-core'],
  },
  needs: ['debugInformation', 'buildPaths'],
  degree({ debugInformation: { sections, symbols } }) {
    const parts = [...(sections.length > 0 ? ['debug'] : []), ...(symbols ? ['symbols'] : [])];
    return parts.length === 0 ? null : { parts };
  },
  check({ debugInformation, buildPaths }) {
    const { sections, size, symbols } = debugInformation;
    const evidence = [
      ...(sections.length === 0
        ? []
        : [{ what: 'debug sections', saw: `${sections.join(', ')}: ${size} bytes` }]),
      ...buildPaths.map(({ path, where, offset }) => ({
        what: `path in ${where}`,
        saw: path,
        ...(offset === null ? {} : { offset }),
      })),
    ];
    const [first] = buildPaths;
    const found = [
      ...(sections.length === 0 ? [] : ['debug information']),
      ...(first === undefined ? [] : [`a path of the build (${first.path})`]),
    ];
    if (found.length > 0) return fail(`ships ${found.join(' and ')}`, evidence);
    const kept = symbols ? '; its symbol table was kept' : '';
    return pass(`ships no debug information and no build path${kept}`, [
      { what: 'debug sections and paths of the build', saw: 'none' },
    ]);
  },
});
