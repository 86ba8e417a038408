import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import type { Degree, Outcome, Severity } from '../../src/base/verdict.ts';
import { compareReports } from '../../src/diff/compare-reports.ts';
import type { JudgedVerdict, Report } from '../../src/report/report.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

interface Side {
  readonly outcome: Outcome;
  readonly degree?: Degree;
  readonly severity?: Severity;
  /** The file has a symbol table. */
  readonly named?: true;
  readonly damaged?: true;
  /** It is Go's alone. */
  readonly pureGo?: true;
  /** What it imports: checked variants, and plain functions that have one. */
  readonly calls?: readonly string[];
  readonly byClang?: true;
  readonly libc?: string;
}

function reportOf(
  rule: string,
  { outcome, degree, severity, named, damaged, pureGo, calls, byClang, libc }: Side,
): Report {
  const of: JudgedVerdict = verdict({
    rule,
    outcome,
    ...(severity === undefined ? {} : { severity }),
    ...(degree === undefined ? {} : { degree }),
    ...(damaged === undefined ? {} : { undecidedBy: 'damage' }),
  });
  const leak = verdict({
    rule: 'no-debug-leak',
    outcome: 'pass',
    ...(named === undefined ? {} : { degree: { parts: ['symbols'] } }),
  });
  const facts = factsWith({
    ...(pureGo === undefined ? {} : { go: known({ table: true, cgo: false } as never) }),
    compilers: known([{ name: byClang === undefined ? 'gcc' : 'clang' }] as never),
    ...(libc === undefined ? {} : { libc: known({ name: libc } as never) }),
    ...(calls === undefined ? {} : { fortify: known(fortifyOf(calls) as never) }),
  });
  return report([target({ binaries: [binary({ path: '/app', facts, verdicts: [leak, of] })] })]);
}

function fortifyOf(calls: readonly string[]) {
  const fortified = calls.filter((name) => name.startsWith('__'));
  const fortifiable = calls.filter((name) => !name.startsWith('__'));
  return { fortified, fortifiable, state: fortified.length > 0 ? 'checked' : 'sizes-decide' };
}

type Want = 'worse' | 'better' | 'neutral' | 'unseen' | 'nothing';

const canaries = (share: readonly [number, number], more: Degree = {}): Degree => ({
  share,
  ...more,
});

const signing = (share: readonly [number, number], ...pads: readonly string[]): Side => ({
  outcome: 'fail',
  severity: 'note',
  degree: { share, parts: ['signed returns', ...pads] },
});

const cases: readonly (readonly [
  claim: string,
  rule: string,
  before: Side,
  after: Side,
  want: Want,
])[] = [
  [
    'canaries of C next to Rust that are gone are worse, though the rule does not apply any more',
    'stack-protector',
    { outcome: 'pass', degree: canaries([12, 12]) },
    { outcome: 'not-applicable', degree: canaries([0, 237], { mixed: true }) },
    'worse',
  ],
  [
    'and so they are where the rule did not apply before',
    'stack-protector',
    { outcome: 'not-applicable', degree: canaries([12, 252], { mixed: true }) },
    { outcome: 'not-applicable', degree: canaries([0, 237], { mixed: true }) },
    'worse',
  ],
  [
    'and where nothing could be decided before',
    'stack-protector',
    { outcome: 'unknown', degree: canaries([12, 252], { mixed: true }) },
    { outcome: 'not-applicable', degree: canaries([0, 237], { mixed: true }) },
    'worse',
  ],
  [
    'fewer functions of Rust next to C are nothing',
    'stack-protector',
    { outcome: 'unknown', degree: canaries([12, 252], { mixed: true }) },
    { outcome: 'unknown', degree: canaries([11, 900], { mixed: true }) },
    'nothing',
  ],
  [
    'a Go program that has no C any more lost nothing',
    'fortify-source',
    { outcome: 'pass', degree: { share: [3, 6] } },
    { outcome: 'not-applicable', pureGo: true },
    'nothing',
  ],
  [
    'where C may be left, checks that are not seen any more are lost',
    'fortify-source',
    { outcome: 'pass', degree: { share: [3, 6] } },
    { outcome: 'not-applicable' },
    'worse',
  ],
  [
    'where no function needs a canary any more, nothing is lost',
    'stack-protector',
    { outcome: 'pass', degree: canaries([6, 6]) },
    { outcome: 'not-applicable', degree: canaries([0, 0]) },
    'nothing',
  ],
  [
    'what passed by what is not counted, and shows nothing now, is listed: the frames may still be there',
    'stack-clash-protection',
    { outcome: 'pass', degree: { share: [0, 0] } },
    { outcome: 'not-applicable', degree: { share: [0, 0] } },
    'neutral',
  ],
  [
    'nor is what failed and needs none now: that is better',
    'stack-protector',
    { outcome: 'fail', degree: canaries([0, 6]) },
    { outcome: 'not-applicable', degree: canaries([0, 0]) },
    'better',
  ],
  [
    'a library that needs no C library any more, as far as it shows, lost nothing',
    'musl-linkage',
    { outcome: 'pass', libc: 'glibc' },
    { outcome: 'unknown', libc: 'unknown' },
    'neutral',
  ],
  [
    'and one that is for another C library now did',
    'musl-linkage',
    { outcome: 'pass', libc: 'musl' },
    { outcome: 'unknown', libc: 'glibc' },
    'worse',
  ],
  [
    'a failure that nothing shows any more was not fixed',
    'stack-protector',
    { outcome: 'fail', degree: canaries([0, 6]) },
    { outcome: 'not-applicable', degree: canaries([0, 200], { mixed: true }) },
    'neutral',
  ],
  [
    'what only a symbol table showed is not seen any more in a stripped file',
    'no-dangerous-imports',
    { outcome: 'pass', named: true },
    { outcome: 'unknown' },
    'unseen',
  ],
  [
    'and it is lost where the file was stripped before',
    'no-dangerous-imports',
    { outcome: 'pass' },
    { outcome: 'unknown' },
    'worse',
  ],
  [
    'and where the file is damaged',
    'no-dangerous-imports',
    { outcome: 'pass', named: true },
    { outcome: 'unknown', damaged: true },
    'worse',
  ],
  [
    'checks that the names of a stripped file show to be gone are worse',
    'fortify-source',
    { outcome: 'pass', named: true, degree: { share: [2, 3], level: '2' } },
    { outcome: 'unknown', degree: { share: [0, 3] } },
    'worse',
  ],
  [
    'where as much is counted in the stripped file, only the rest of the evidence is not seen any more',
    'fortify-source',
    { outcome: 'pass', named: true, degree: { share: [2, 3], level: '2' } },
    { outcome: 'unknown', degree: { share: [2, 3], level: '2' } },
    'unseen',
  ],
  [
    'and so it is where nothing can be counted in it',
    'fortify-source',
    { outcome: 'pass', named: true, degree: { share: [2, 3], level: '2' } },
    { outcome: 'unknown' },
    'unseen',
  ],
  [
    'a single checked call does not make up for the calls of a level that are gone',
    'fortify-source',
    { outcome: 'pass', degree: { share: [2, 3], level: '2' } },
    { outcome: 'pass', degree: { share: [1, 4] } },
    'worse',
  ],
  [
    'many checked functions that are called without checks now are worse at the same level',
    'fortify-source',
    { outcome: 'pass', degree: { share: [10, 16], level: '2' } },
    { outcome: 'pass', degree: { share: [3, 16], level: '2' } },
    'worse',
  ],
  [
    'further calls where no size is known take no check away',
    'fortify-source',
    { outcome: 'pass', degree: { share: [3, 6], level: '2' } },
    { outcome: 'pass', degree: { share: [3, 14], level: '2' } },
    'nothing',
  ],
  [
    'a level that too few calls show is not lost',
    'fortify-source',
    { outcome: 'pass', degree: { share: [4, 6], level: '2' } },
    { outcome: 'pass', degree: { share: [3, 5] } },
    'nothing',
  ],
  [
    'landing pads that link-time optimisation left to main alone are not lost',
    'control-flow-protection',
    { outcome: 'fail', severity: 'note', degree: { share: [13, 15], parts: ['landing pads'] } },
    { outcome: 'fail', severity: 'low', degree: { share: [1, 15], parts: [] } },
    'neutral',
  ],
  [
    'and nor are those next to the functions of a C library that is linked statically now',
    'control-flow-protection',
    { outcome: 'fail', severity: 'note', degree: { share: [13, 15], parts: ['landing pads'] } },
    { outcome: 'fail', severity: 'low', degree: { share: [13, 1094], parts: [], mixed: true } },
    'neutral',
  ],
  [
    'where none is left they are lost',
    'control-flow-protection',
    { outcome: 'fail', severity: 'note', degree: { share: [13, 15], parts: ['landing pads'] } },
    { outcome: 'fail', severity: 'low', degree: { share: [0, 15], parts: [] } },
    'worse',
  ],
  [
    'and where hardly any of many is left',
    'control-flow-protection',
    { outcome: 'fail', severity: 'note', degree: { share: [900, 1000], parts: ['landing pads'] } },
    { outcome: 'fail', severity: 'low', degree: { share: [3, 1000], parts: [] } },
    'worse',
  ],
  [
    'more of them than before, without a change of options, are no better either',
    'control-flow-protection',
    { outcome: 'fail', severity: 'low', degree: { share: [15, 43], parts: [] } },
    { outcome: 'fail', severity: 'note', degree: { share: [15, 33], parts: ['landing pads'] } },
    'neutral',
  ],
  [
    'a few instructions of BTI that are gone, with as many landing pads, are not lost',
    'control-flow-protection',
    signing([20, 33], 'landing pads', 'bti instructions'),
    signing([19, 33], 'landing pads'),
    'nothing',
  ],
  [
    'nor where all of these functions sign now, next to more functions',
    'control-flow-protection',
    signing([31, 35], 'landing pads', 'bti instructions'),
    signing([31, 39], 'landing pads'),
    'nothing',
  ],
  [
    'and with clearly fewer they are',
    'control-flow-protection',
    signing([20, 33], 'landing pads', 'bti instructions'),
    signing([14, 33], 'landing pads'),
    'worse',
  ],
  [
    'what a loader could enforce is lost with a static link too',
    'control-flow-protection',
    { outcome: 'pass', degree: { share: [13, 15], parts: ['IBT', 'landing pads'] } },
    { outcome: 'fail', severity: 'low', degree: { share: [50, 1094], parts: [], mixed: true } },
    'worse',
  ],
  [
    'a share about as low as before is neutral, though the rule fails it now',
    'stack-protector',
    { outcome: 'pass', degree: canaries([18, 118]) },
    { outcome: 'fail', degree: canaries([12, 112]) },
    'neutral',
  ],
  [
    'and it is worse where canaries were lost',
    'stack-protector',
    { outcome: 'pass', degree: canaries([45, 118]) },
    { outcome: 'fail', degree: canaries([5, 118]) },
    'worse',
  ],
  [
    'another sanitizer next to the first is worse',
    'no-instrumentation',
    { outcome: 'fail', degree: { faults: ['AddressSanitizer'] } },
    { outcome: 'fail', degree: { faults: ['AddressSanitizer', 'ThreadSanitizer'] } },
    'worse',
  ],
  [
    'the same path with another version in it is nothing',
    'safe-needed',
    { outcome: 'fail', degree: { faults: ['/opt/app-1.0/libx.so'] } },
    { outcome: 'fail', degree: { faults: ['/opt/app-1.1/libx.so'] } },
    'nothing',
  ],
];

const imports = (outcome: Outcome, ...calls: readonly string[]): Side => {
  const { fortified } = fortifyOf(calls);
  return { outcome, calls, degree: { share: [fortified.length, calls.length] } };
};

/** What `_FORTIFY_SOURCE` checked, and what is left of it. */
const calls: readonly (readonly [claim: string, before: Side, after: Side, want: Want])[] = [
  [
    'a function that was checked and is not called any more was not lost',
    imports('pass', '__memset_chk', 'memcpy'),
    imports('unknown', 'memcpy'),
    'neutral',
  ],
  [
    'a function that was checked and is called without checks is',
    imports('pass', '__memset_chk', 'memcpy'),
    imports('unknown', 'memcpy', 'memset'),
    'worse',
  ],
  [
    'so is one that a compiler turns into another without them',
    imports('pass', '__sprintf_chk', 'memset'),
    imports('unknown', 'memset', 'strcpy'),
    'worse',
  ],
  [
    'and not where that one was called without them before too',
    imports('pass', '__sprintf_chk', 'memset', 'strcpy'),
    imports('unknown', 'memset', 'strcpy'),
    'neutral',
  ],
  [
    'and one that leaves no name of its own',
    imports('pass', '__fdelt_chk', 'memcpy'),
    imports('unknown', 'memcpy'),
    'worse',
  ],
  [
    'and all that nothing shows any more because the file is damaged',
    imports('pass', '__memset_chk', 'memcpy'),
    { ...imports('unknown', 'memcpy'), damaged: true },
    'worse',
  ],
  [
    'fewer checked functions are nothing where the others are not called any more',
    imports('pass', '__memset_chk', '__read_chk', '__mbstowcs_chk', '__poll_chk', 'memcpy'),
    imports('pass', '__memset_chk', 'memcpy', 'strncpy', 'open'),
    'nothing',
  ],
  [
    'nor where one is called without checks as before, next to several that are checked',
    imports('pass', '__strncpy_chk', '__asprintf_chk', '__printf_chk', '__fprintf_chk', 'strncpy'),
    imports('pass', '__printf_chk', '__fprintf_chk', 'strncpy', 'open', 'openat', 'readlinkat'),
    'nothing',
  ],
  [
    'two functions that clang checked and does not any more are lost, though others are checked still',
    imports('pass', '__memset_chk', '__strcpy_chk', '__memmove_chk', '__strncpy_chk', 'printf'),
    imports('pass', '__memset_chk', '__strcpy_chk', 'memmove', 'strncpy', 'strcpy', 'printf'),
    'worse',
  ],
  [
    'the other way round they are better',
    imports('pass', '__memset_chk', '__strcpy_chk', 'memmove', 'strncpy', 'strcpy', 'printf'),
    imports('pass', '__memset_chk', '__strcpy_chk', '__memmove_chk', '__strncpy_chk', 'printf'),
    'better',
  ],
  [
    'a single one of them may be called for another size',
    imports('pass', '__memset_chk', '__strcpy_chk', '__memmove_chk', '__memcpy_chk', 'printf'),
    imports('pass', '__memset_chk', '__strcpy_chk', '__memcpy_chk', 'memmove', 'printf'),
    'nothing',
  ],
  [
    'and two, where another was not checked and is',
    imports('pass', '__memset_chk', '__strcpy_chk', '__memmove_chk', '__strncpy_chk', 'read'),
    imports('pass', '__memset_chk', '__strcpy_chk', '__read_chk', 'memmove', 'strncpy'),
    'nothing',
  ],
  [
    'functions that were always checked, and nearly all of which are called without checks too, are listed: new code, or half of it built otherwise',
    imports('pass', '__memset_chk', '__strcpy_chk', '__memmove_chk', 'read'),
    imports(
      'pass',
      '__memset_chk',
      '__strcpy_chk',
      '__memmove_chk',
      'memset',
      'strcpy',
      'memmove',
      'read',
    ),
    'neutral',
  ],
  [
    'and they are where one is called without checks',
    imports('pass', '__memset_chk', '__read_chk', '__mbstowcs_chk', '__poll_chk', 'memcpy'),
    imports('pass', '__memset_chk', 'memcpy', 'strncpy', 'poll'),
    'worse',
  ],
];

const byClang = (side: Side): Side => ({ ...side, byClang: true });

/** clang checks fewer functions than gcc. */
const byOtherCompiler: typeof calls = [
  [
    'what clang never checks in C++ is not lost with gcc',
    imports('pass', '__memset_chk', '__strcpy_chk', '__printf_chk', '__read_chk', '__sprintf_chk'),
    byClang(imports('pass', '__memset_chk', '__strcpy_chk', 'printf', 'read', 'sprintf')),
    'nothing',
  ],
  [
    'nor is it better by gcc',
    byClang(imports('pass', '__memset_chk', '__strcpy_chk', 'printf', 'read', 'sprintf')),
    imports('pass', '__memset_chk', '__strcpy_chk', '__printf_chk', '__read_chk', '__sprintf_chk'),
    'nothing',
  ],
  [
    'what both check is lost with another compiler too',
    imports('pass', '__memset_chk', '__strcpy_chk', '__printf_chk', '__read_chk', '__sprintf_chk'),
    byClang(imports('pass', '__memset_chk', 'strcpy', 'printf', 'read', 'sprintf')),
    'worse',
  ],
  [
    'a relative that is checked shows that the option is still there',
    imports('pass', '__stpcpy_chk', '__strcpy_chk', '__memset_chk', '__read_chk', 'memcpy'),
    imports('pass', '__strcpy_chk', 'memcpy', 'open', 'poll', 'getcwd'),
    'nothing',
  ],
];

/** Published releases of one program, and builds of one program with a lower option. */
const measured: readonly (readonly [string, Degree['share'], Degree['share'], Want])[] = [
  ['libgcrypt of two releases', [276, 277], [341, 371], 'nothing'],
  ['libm of two releases', [175, 184], [119, 134], 'nothing'],
  ['ldconfig of two releases', [16, 17], [17, 20], 'nothing'],
  ['a plugin with one function more', [2, 2], [2, 3], 'nothing'],
  ['bzip2 by another compiler', [22, 22], [17, 18], 'nothing'],
  ['bzip2 with -fstack-protector by gcc', [22, 22], [8, 22], 'worse'],
  ['bzip2 with -fstack-protector by clang', [17, 18], [8, 18], 'worse'],
  ['lua with -fstack-protector', [145, 147], [40, 147], 'worse'],
  ['C in a Go program with -fstack-protector', [12, 12], [4, 7], 'worse'],
];

const all = [
  ...cases,
  ...[...calls, ...byOtherCompiler].map(
    ([claim, ...sides]) => [claim, 'fortify-source', ...sides] as const,
  ),
  ...measured.map(
    ([name, before, after, want]) =>
      [
        `${name}: ${before?.join(' of ')} to ${after?.join(' of ')} is ${want}`,
        'stack-protector',
        { outcome: 'pass', ...(before === undefined ? {} : { degree: canaries(before) }) },
        { outcome: 'pass', ...(after === undefined ? {} : { degree: canaries(after) }) },
        want,
      ] as const,
  ),
];

for (const [claim, rule, before, after, want] of all)
  test(claim, () => {
    const { worse, better, neutral, unseen } = compareReports(
      reportOf(rule, before),
      reportOf(rule, after),
    );
    const said = Object.entries({ worse, better, neutral, unseen }).find(([, list]) =>
      list.some((change) => change.rule === rule),
    )?.[0];
    assert.equal(said ?? 'nothing', want);
  });

test('a failure that is counted with one that was there before is worse by itself', () => {
  const sideOf = (late: JudgedVerdict) =>
    report([
      target({
        binaries: [binary({ path: '/app', verdicts: [late, verdict({ rule: 'relro' })] })],
      }),
    ]);
  const { worse } = compareReports(
    sideOf(verdict({ rule: 'bind-now', outcome: 'pass', severity: 'low' })),
    sideOf(verdict({ rule: 'bind-now', severity: 'low', countedWith: 'relro' })),
  );
  assert.deepEqual(
    worse.map(({ rule }) => rule),
    ['bind-now'],
  );
});
