import {
  count,
  defineRule,
  type Evidence,
  fail,
  kindsOf,
  notPrograms,
  pass,
  unknown,
} from '../../src/judge/rule.ts';

/** An option that takes a protection away. */
interface Weakening {
  readonly wrong: RegExp;
  readonly because: string;
}

const weakening: readonly Weakening[] = [
  { wrong: /^-O0$/, because: 'FORTIFY needs optimisation' },
  { wrong: /^-Og$/, because: 'an optimisation level for debugging' },
  { wrong: /^-fno-stack-protector$/, because: 'no stack canaries' },
  { wrong: /^-fno-stack-clash-protection$/, because: 'large frames can jump over the guard page' },
  { wrong: /^-fcf-protection=none$/, because: 'no control-flow protection' },
  { wrong: /^-mbranch-protection=none$/, because: 'no branch protection' },
  { wrong: /^-z?execstack$|^-Wl,-z,execstack$/, because: 'executable stack' },
  { wrong: /^-D_FORTIFY_SOURCE=0$|^-U_FORTIFY_SOURCE$/, because: 'no FORTIFY' },
  {
    wrong: /^-ftrivial-auto-var-init=uninitialized$/,
    because: 'local variables keep what was on the stack',
  },
];

const initialises = /^-ftrivial-auto-var-init=(zero|pattern)$|^-fhardened$/;

/** Options of the OpenSSF guide that leave no trace in code: they are listed, and a missing one is not a fault. */
const listed =
  /^-(O[123sz]|fhardened|ftrivial-auto-var-init=\w+|fstrict-flex-arrays(=\d)?|fzero-call-used-regs=[\w-]+|fno-strict-overflow|fwrapv|fno-strict-aliasing|fno-delete-null-pointer-checks|fstack-protector(-strong|-all)|fstack-clash-protection|fcf-protection(=\w+)?|mbranch-protection=[\w+-]+|fzero-init-padding-bits=\w+)$/;

export default defineRule({
  title: 'The recorded compiler options are hardened',
  severity: 'low',
  otherSeverities: ['note'],
  securitySeverity: 3.5,
  cwe: [693, 457],
  since: '0.1.0',
  rationale: `
Some protections leave no trace in machine code: whether local variables are initialised (\`-ftrivial-auto-var-init\`), which arrays count as flexible
(\`-fstrict-flex-arrays\`), whether checks for overflow and null pointers may be optimised away (\`-fno-strict-overflow\`,
\`-fno-delete-null-pointer-checks\`). An uninitialised variable hands out what an earlier call left on the stack, such as addresses that undo
ASLR, or takes its value from an attacker. Where a build recorded its options, they say what the code cannot; a single
source file that was compiled without the options of the others shows as well.`,
  evidence: `
\`DW_AT_producer\` of each compile unit (gcc writes its options there, clang only with \`-grecord-command-line\`), \`.GCC.command.line\`
(\`-frecord-gcc-switches\`, \`-frecord-command-line\`) and annobin's notes (Fedora). Start files of the C library are not counted. No compiler records
\`-D\`, so \`_FORTIFY_SOURCE\` is known from annobin only. An option that an explicit one takes back fails; so do variables that are not initialised, as a note.
Without a record the verdict is \`unknown\`.

    readelf --debug-dump=info --dwarf-depth=1 FILE | grep producer
    readelf -p .GCC.command.line FILE`,
  remediation: {
    gcc: `
Compile with \`-O2 -ftrivial-auto-var-init=zero -fstrict-flex-arrays=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
-fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing\`; gcc 14's \`-fhardened\` stands for most of them.`,
    clang: `
Compile with \`-O2 -ftrivial-auto-var-init=zero -fstrict-flex-arrays=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
-fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing\`. \`-grecord-command-line\` records them.`,
    cmake:
      'Build with `-DCMAKE_BUILD_TYPE=RelWithDebInfo` and set the options by `add_compile_options`, so that no target is left out.',
    alpine:
      'Add `-ftrivial-auto-var-init=zero` to `CFLAGS` and `CXXFLAGS` in the APKBUILD: abuild does not set it.',
    debian:
      'In `debian/rules`: `export DEB_BUILD_MAINT_OPTIONS = hardening=+all` and `export DEB_CFLAGS_MAINT_APPEND = -ftrivial-auto-var-init=zero`.',
  },
  references: [
    'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++',
    'https://gcc.gnu.org/onlinedocs/gcc/Optimize-Options.html#index-ftrivial-auto-var-init',
    'https://gcc.gnu.org/onlinedocs/gcc/Instrumentation-Options.html#index-fhardened',
  ],
  exempt: {
    ...notPrograms,
    object: 'debug information of an object file is complete only after linking',
    ...kindsOf(['kernel-code'], 'the kernel chooses its options, for reasons of its own'),
    'kernel-module': 'the kernel chooses the options of its modules, for reasons of its own',
  },
  samples: {
    pass: ['x86_64-glibc-gcc-pie-debug'],
    fail: [
      'aarch64-musl-gcc-pie-debug',
      'x86_64-glibc-gcc-pie-debug-unhardened',
      'x86_64-glibc-gcc-pie-recordedflags',
      'x86_64-musl-gcc-pie-debug',
      'aarch64-glibc-gcc-pie-debug',
    ],
    unknown: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-musl-gcc-pie-alpine-stripped',
      'aarch64-glibc-gcc-pie-hardened',
      'aarch64-musl-gcc-static-packed',
    ],
    'not-applicable': ['x86_64-glibc-gcc-debugonly', 'x86_64-none-core'],
  },
  needs: ['recordedFlags'],
  check({ recordedFlags }) {
    if (recordedFlags.length === 0) {
      return unknown('the build recorded no compiler options in the file');
    }
    const records = recordedFlags.map((record) => ({
      ...record,
      options: effective(record.options),
    }));
    const all = filesOf(records);
    const weak = records.filter(({ options }) => faultsIn(options).length > 0);
    if (weak.length > 0) {
      const faults = [...new Set(weak.flatMap(({ options }) => faultsIn(options)))];
      const message = `${faults.join(', ')}: in ${filesOf(weak)} of ${count(all, 'compile unit')}`;
      return fail(
        message,
        weak.map((record) => seen(record, faultsIn(record.options))),
      );
    }
    const bare = records.filter(
      ({ options }) => !options.some((option) => initialises.test(option)),
    );
    if (bare.length > 0) {
      const message = `local variables are not initialised (-ftrivial-auto-var-init): in ${filesOf(bare)} of ${count(all, 'compile unit')}`;
      return fail(message, bare.map(hardening), { severity: 'note' });
    }
    return pass(`hardened options in ${count(all, 'compile unit')}`, records.map(hardening));
  },
});

interface Recorded {
  readonly source: string;
  readonly options: readonly string[];
  readonly files: number;
  readonly example: string;
}

/** Of options that contradict each other, compilers obey the last: `-O0 -O2` is -O2. */
function effective(options: readonly string[]): readonly string[] {
  const last = new Map(options.map((option) => [subject(option), option]));
  return [...last.values()];
}

function subject(option: string): string {
  if (/^-O/.test(option)) return 'optimisation';
  if (/^-[DU]_FORTIFY_SOURCE/.test(option)) return 'fortify';
  return option.replace(/^-f(no-)?/, '-f').replace(/=.*|-(strong|all|explicit)$/, '');
}

function faultsIn(options: readonly string[]): readonly string[] {
  return options.flatMap((option) =>
    weakening
      .filter(({ wrong }) => wrong.test(option))
      .map(({ because }) => `${option} (${because})`),
  );
}

function hardening(record: Recorded): Evidence {
  return seen(
    record,
    record.options.filter((option) => listed.test(option)),
  );
}

function seen({ source, files, example }: Recorded, options: readonly string[]): Evidence {
  const others = files === 1 ? '' : ` and ${files - 1} more`;
  return {
    what: `options of ${example}${others} (${source})`,
    saw: options.join(' ') || 'none of interest',
  };
}

function filesOf(records: readonly Recorded[]): number {
  return records.reduce((sum, { files }) => sum + files, 0);
}
