import { defineRule, fail, kindsOf, notPrograms, pass } from '../../src/judge/rule.ts';

export default defineRule({
  title: 'No test instrumentation is left in the program',
  severity: 'high',
  otherSeverities: ['medium'],
  securitySeverity: 7.0,
  cwe: [489, 1295],
  since: '0.1.0',
  rationale: `
Sanitizers, coverage and profilers are made for tests. Environment variables control their runtimes
(\`ASAN_OPTIONS=log_path=...\`, \`GCOV_PREFIX\`, \`LLVM_PROFILE_FILE\`, \`gmon.out\` in the working directory): in a
program with more rights than its caller, anyone who sets them can have files written where they choose. This made
sanitized setuid programs a known way to become root. AddressSanitizer also maps its shadow at a fixed address, which
weakens ASLR, and makes a program several times
larger and slower. It finds bugs; it does not stop attackers.`,
  evidence: `
Calls that only instrumented code makes (\`__asan_report_load8\`, \`__tsan_func_entry\`, \`__ubsan_handle_add_overflow\`,
\`__gcov_init\`, \`__llvm_profile_runtime\`, \`mcount\`), needed runtime libraries (\`libasan.so.8\`), sections
(\`__llvm_prf_cnts\`), and in stripped files strings of a runtime that was linked in. Weak references and hooks such as
\`__asan_default_options\` are not evidence: programs contain them just in case. The \`__ubsan_handle_*_minimal\` handlers, which
only print a line or trap, are meant for production and do not count. A file without section headers or \`.symtab\` is judged by what
the loader reads and by its strings. Where they are there and cannot be read, the rule is undecided by damage: the names that are lost
could have made it fail, and no damage may turn a failure into a pass. The same holds for a program whose DT_GNU_HASH is broken, since
it counts what the program defines; of a library only what it needs counts. Go records \`-race\`, \`-msan\`, \`-asan\` and \`-cover\`.

    readelf -W --dyn-syms FILE | grep -E '__(a|t|m|hwa|l|ub)san_|__gcov_|__llvm_profile|mcount'
    go version -m FILE | grep -E 'race|san|cover'`,
  remediation: {
    gcc: `
Build what is shipped without \`-fsanitize=...\`, \`--coverage\`, \`-fprofile-arcs\`, \`-pg\` and \`-finstrument-functions\`. To keep
undefined-behaviour checks, use \`-fsanitize=undefined -fsanitize-trap=all\` (gcc 13): it needs no runtime.`,
    clang: `
Build what is shipped without \`-fsanitize=...\`, \`-fprofile-instr-generate\`, \`-fcoverage-mapping\` and \`-pg\`. To keep
undefined-behaviour checks, use \`-fsanitize-trap=undefined\` or \`-fsanitize-minimal-runtime\`.`,
    rustc:
      'Remove `-Z sanitizer=...` and `-C instrument-coverage` from `RUSTFLAGS` of the release build.',
    go: 'Build what is shipped without `-race`, `-msan`, `-asan` and `-cover`.',
    cmake:
      'Put such flags into a build type of their own (`CMAKE_C_FLAGS_ASAN`), not into `CMAKE_C_FLAGS`, and ship `RelWithDebInfo`.',
    alpine:
      'Look for `--enable-coverage`, `-Db_sanitize` and `-Db_coverage` in the APKBUILD; abuild itself sets none.',
    debian:
      'Look for `DEB_BUILD_OPTIONS`/`DEB_BUILD_MAINT_OPTIONS` with `sanitize=+all` and for `-Db_sanitize`, `--enable-gcov` in `debian/rules`.',
  },
  references: [
    'https://www.openwall.com/lists/oss-security/2016/02/17/9',
    'https://clang.llvm.org/docs/UndefinedBehaviorSanitizer.html#minimal-runtime',
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++',
  ],
  exempt: {
    ...notPrograms,
    ...kindsOf(
      ['kernel-code'],
      'the kernel traces and checks itself with the same calls, on purpose',
    ),
    'kernel-module': 'the kernel traces and checks its modules with the same calls, on purpose',
  },
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-musl-gcc-pie-alpine',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-pie-alpine',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-asan',
      'x86_64-glibc-gcc-pie-ubsan',
      'x86_64-glibc-gcc-pie-coverage',
      'x86_64-glibc-gcc-pie-profiled',
      'aarch64-glibc-gcc-pie-ubsan',
    ],
    unknown: ['x86_64-musl-gcc-static-packed', 'aarch64-musl-gcc-static-packed'],
    'not-applicable': ['x86_64-none-gcc-module-protected', 'x86_64-none-core'],
  },
  needs: ['instrumentation'],
  degree({ instrumentation }) {
    return instrumentation.length === 0
      ? null
      : { faults: instrumentation.map(({ name }) => name).toSorted() };
  },
  check({ instrumentation }) {
    const evidence = instrumentation.flatMap((found) => found.evidence);
    if (evidence.length === 0)
      return pass('shows no sanitizer, coverage or profiling', [
        { what: 'symbols, needed libraries, sections and strings of such tools', saw: 'none' },
      ]);
    const names = instrumentation.map(({ name }) => name);
    const measuring = [
      'gcov coverage',
      'LLVM profile or coverage',
      'Go coverage',
      'gprof profiling',
      'XRay tracing',
    ];
    const message = `${names.join(', ')} left in: made for tests, not for production`;
    // Coverage and profiles write files; sanitizers also give up protections.
    const weak = names.every((name) => measuring.includes(name));
    return weak ? fail(message, evidence, { severity: 'medium' }) : fail(message, evidence);
  },
});
