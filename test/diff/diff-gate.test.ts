import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { compareReleases } from '../../src/diff/compare-releases.ts';
import { defaultGate, type GateConditions, plainPolicy } from '../../src/policy/policy.ts';
import type { BinaryReport, JudgedVerdict, Report, TargetReport } from '../../src/report/report.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

type Given = Partial<GateConditions>;

const rules = { known: ['build-id', 'pie', 'relro'], chosen: undefined };

function compared(before: Report, after: Report, gate: Given = {}) {
  return compareReleases([before, after], plainPolicy({ of: 'yours', ...gate }), rules);
}

type Standing = 'pass' | 'unknown' | 'not-applicable' | JudgedVerdict['severity'];

function said(rule: string, standing: Standing, severity: JudgedVerdict['severity'] = 'high') {
  return standing === 'pass' || standing === 'unknown' || standing === 'not-applicable'
    ? verdict({ rule, outcome: standing, severity })
    : verdict({ rule, outcome: 'fail', severity: standing });
}

function file(path: string, verdicts: readonly JudgedVerdict[], more: Partial<BinaryReport> = {}) {
  return binary({ path, sha256: digestOf(path + JSON.stringify(verdicts)), verdicts, ...more });
}

function digestOf(text: string): string {
  return [...text]
    .reduce((sum, each) => (sum * 31n + BigInt(each.codePointAt(0) ?? 0)) % 2n ** 256n, 7n)
    .toString(16)
    .padStart(64, '0');
}

const of = (...binaries: readonly BinaryReport[]) => report([target({ binaries })]);

/** A release of one program, whose verdict of pie is this. */
const release = (standing: Standing, severity?: JudgedVerdict['severity']) =>
  of(file('/svc', [said('pie', standing, severity)]));

const lost: readonly (readonly [
  claim: string,
  before: Report,
  after: Report,
  gate: Given,
  want: 'holds' | 'broken',
])[] = [
  ['equal verdicts hold', release('high'), release('high'), {}, 'holds'],
  ['what got better holds', release('high'), release('pass'), {}, 'holds'],
  ['a pass that fails low breaks', release('pass'), release('low'), {}, 'broken'],
  ['a pass that fails with a note holds', release('pass'), release('note'), {}, 'holds'],
  ['a failure that weighs more breaks', release('medium'), release('high'), {}, 'broken'],
  [
    '--worse-than high holds over medium',
    release('pass'),
    release('medium'),
    { worseThan: 'high' },
    'holds',
  ],
  [
    '--worse-than high breaks on high',
    release('pass'),
    release('high'),
    { worseThan: 'high' },
    'broken',
  ],
  [
    '--worse-than none holds over what fail-on fails',
    release('pass'),
    release('high'),
    { worseThan: 'none' },
    'holds',
  ],
  [
    '--fail-on none leaves a lost verdict',
    release('pass'),
    release('low'),
    { failOn: 'none' },
    'broken',
  ],
  [
    'a rule that fail-on names breaks whatever it weighs',
    release('pass'),
    release('note'),
    { failOn: 'none', failOnRules: ['pie'] },
    'broken',
  ],
  [
    'what newly applies and cannot be decided holds',
    release('not-applicable'),
    release('unknown'),
    {},
    'holds',
  ],
  [
    'and breaks where unknown is asked, as in a scan',
    release('not-applicable'),
    release('unknown'),
    { failOnUnknown: true },
    'broken',
  ],
  [
    'a failure that cannot be seen any more holds',
    release('high'),
    release('unknown'),
    { failOnUnknown: true },
    'holds',
  ],
  [
    'a note breaks where notes are asked',
    release('pass'),
    release('note'),
    { worseThan: 'note' },
    'broken',
  ],
  [
    'a pass that became unknown breaks by what its failure weighs',
    release('pass', 'low'),
    release('unknown', 'low'),
    {},
    'broken',
  ],
  [
    'and holds where that is not asked',
    release('pass', 'low'),
    release('unknown', 'low'),
    { worseThan: 'medium' },
    'holds',
  ],
  [
    'and breaks where unknown is asked',
    release('pass', 'low'),
    release('unknown', 'low'),
    { worseThan: 'none', failOnUnknown: true },
    'broken',
  ],
];

for (const [claim, before, after, gate, want] of lost)
  test(`a file of both releases: ${claim}`, () => {
    assert.equal(compared(before, after, gate).gate.state, want);
  });

const old = file('/svc', [said('pie', 'pass')]);
const withNew = (...verdicts: readonly JudgedVerdict[]) => of(old, file('/tool', verdicts));

const added: readonly (readonly [
  claim: string,
  after: Report,
  gate: Given,
  want: 'holds' | 'broken',
])[] = [
  ['what fail-on fails breaks', withNew(said('pie', 'high')), {}, 'broken'],
  ['what fail-on does not fail holds', withNew(said('pie', 'medium')), {}, 'holds'],
  [
    '--fail-on medium is asked of it',
    withNew(said('pie', 'medium')),
    { failOn: 'medium' },
    'broken',
  ],
  [
    '--worse-than says nothing of it',
    withNew(said('pie', 'high')),
    { worseThan: 'none' },
    'broken',
  ],
  ['unknown holds', withNew(said('pie', 'unknown')), {}, 'holds'],
  [
    'unknown breaks where that is asked',
    withNew(said('pie', 'unknown')),
    { failOnUnknown: true },
    'broken',
  ],
  [
    '--fail-on none --worse-than none never breaks',
    withNew(said('pie', 'critical')),
    { failOn: 'none', worseThan: 'none' },
    'holds',
  ],
];

for (const [claim, after, gate, want] of added)
  test(`a new file: ${claim}`, () => {
    assert.equal(compared(of(old), after, gate).gate.state, want);
  });

const owned = (
  whose: 'yours' | 'dependency' | 'distribution',
  standing: Standing,
  path = '/lib/x.so',
) =>
  file(path, [said('pie', standing)], {
    facts: factsWith({
      ownership: known({
        whose,
        component: null,
        ecosystem: null,
        because: 'so',
      } as never),
    }),
  });

const owners: readonly (readonly [
  claim: string,
  before: BinaryReport,
  after: BinaryReport,
  gate: Given,
  want: 'holds' | 'broken',
])[] = [
  [
    'of the distribution holds',
    owned('distribution', 'pass'),
    owned('distribution', 'high'),
    {},
    'holds',
  ],
  [
    'of the distribution that is gone holds',
    owned('distribution', 'pass'),
    owned('distribution', 'not-applicable'),
    {},
    'holds',
  ],
  [
    'of a dependency holds',
    owned('dependency', 'pass'),
    owned('dependency', 'medium'),
    {},
    'holds',
  ],
  [
    'of a dependency breaks where the gate is of them',
    owned('dependency', 'pass'),
    owned('dependency', 'medium'),
    { of: 'dependencies' },
    'broken',
  ],
  [
    'of the distribution breaks where the gate is of all',
    owned('distribution', 'pass'),
    owned('distribution', 'low'),
    { of: 'all' },
    'broken',
  ],
  [
    'of what was yours and lies with a dependency now breaks',
    owned('yours', 'pass'),
    owned('dependency', 'low'),
    {},
    'broken',
  ],
  [
    'of what was yours and a package claims now breaks',
    owned('yours', 'pass'),
    owned('distribution', 'unknown'),
    {},
    'broken',
  ],
  ['of what is yours now breaks', owned('dependency', 'pass'), owned('yours', 'low'), {}, 'broken'],
];

for (const [claim, before, after, gate, want] of owners)
  test(`a lost verdict ${claim}`, () => {
    assert.equal(compared(of(before), of(after), gate).gate.state, want);
  });

test('what a saved report marked by another gate counts as the gate of this run says', () => {
  const marked = (mark: object) =>
    of({ ...owned('distribution', 'high'), verdicts: [{ ...said('pie', 'high'), ...mark }] });
  const before = of(owned('distribution', 'pass'));
  assert.equal(compared(before, marked({})).gate.state, 'holds');
  const outside = marked({ outsideGate: 'distribution' });
  assert.equal(compared(before, outside, { of: 'all' }).gate.state, 'broken');
});

const sentences: readonly (readonly [Given, after: readonly BinaryReport[], want: string])[] = [
  [{}, [old], 'no verdict got worse'],
  [{}, [file('/svc', [said('pie', 'medium')])], '1 verdict got worse (of severity low or above)'],
  [
    { worseThan: 'high' },
    [file('/svc', [said('pie', 'medium')])],
    '1 verdict got worse, and it does not count: 1 of severity medium (--worse-than is high; --worse-than medium counts it)',
  ],
  [
    {},
    [
      file('/svc', [said('pie', 'low')]),
      file('/tool', [said('pie', 'medium'), said('relro', 'low')]),
    ],
    '1 verdict got worse (of severity low or above); not counted: 2 in new files of severity medium and low (--fail-on is high; --fail-on low counts them)',
  ],
  [
    { failOn: 'medium' },
    [old, file('/tool', [said('pie', 'medium'), said('relro', 'unknown')])],
    '1 finding in new files (of severity medium or above); not counted: 1 in new files unknown (--fail-on-unknown counts it)',
  ],
];

for (const [gate, after, want] of sentences)
  test(`the last line agrees with the list: ${want}`, () => {
    assert.equal(compared(of(old), of(...after), gate).gate.because, want);
  });

const totals = (...standings: readonly Standing[]) =>
  of(...standings.map((each, at) => file(`/bin/${'abcdef'[at]}`, [said('pie', each, 'note')])));

const wholes: readonly (readonly [
  claim: string,
  before: Report,
  after: Report,
  gate: Given,
  want: 'holds' | 'broken',
])[] = [
  [
    'a coverage that fell below its condition breaks',
    totals('pass', 'pass'),
    totals('pass', 'note'),
    { coverage: { pie: 80 } },
    'broken',
  ],
  [
    'one that fell and is met holds',
    totals('pass', 'pass'),
    totals('pass', 'note'),
    { coverage: { pie: 50 } },
    'holds',
  ],
  [
    'one that was below and did not fall holds',
    totals('pass', 'note'),
    totals('pass', 'note'),
    { coverage: { pie: 80 } },
    'holds',
  ],
  [
    'one that was below and fell farther breaks',
    totals('pass', 'note'),
    totals('note', 'note'),
    { coverage: { pie: 80 } },
    'broken',
  ],
  [
    'a maximum that is exceeded now breaks',
    totals('pass', 'pass'),
    totals('pass', 'note'),
    { maximum: { pie: 0 } },
    'broken',
  ],
  [
    'one that was exceeded as much before holds',
    totals('pass', 'note'),
    totals('pass', 'note'),
    { maximum: { pie: 0 } },
    'holds',
  ],
];

for (const [claim, before, after, gate, want] of wholes)
  test(`of conditions over a whole image, ${claim}`, () => {
    const found = compared(before, after, { ...gate, of: 'all' }).gate;
    assert.equal(found.state, want, found.because);
  });

const asked = (names: readonly string[] | undefined, count?: number): Report => {
  const { rules: _, tool, ...rest } = release('pass');
  const version = count === undefined ? {} : { rules: { count, sha256: String(count) } };
  return {
    ...rest,
    tool: { ...tool, ...version },
    ...(names === undefined ? {} : { rules: names }),
  };
};

const unasked: readonly (readonly [
  claim: string,
  before: Report,
  after: Report,
  gate: Given,
  want: RegExp,
])[] = [
  ['both were asked the same: it holds', asked(['pie'], 9), asked(['pie'], 9), {}, /^no verdict/],
  [
    'the old one was narrowed: undecided',
    asked(['pie'], 2),
    asked(['pie', 'relro'], 2),
    {},
    /^relro was not asked in the old report; /,
  ],
  [
    'the new one was narrowed: undecided',
    asked(['pie', 'relro'], 2),
    asked(['pie'], 2),
    {},
    /^relro was not asked in the new report; /,
  ],
  [
    'the old one is of a version without the rule: it holds',
    asked(['pie'], 1),
    asked(['pie', 'relro'], 2),
    {},
    /^no verdict/,
  ],
  [
    'and is undecided where fail-on names the rule',
    asked(['pie'], 1),
    asked(['pie', 'relro'], 2),
    { failOnRules: ['relro'] },
    /^relro was not asked in the old report; /,
  ],
  [
    'a report that lists no rules was asked those of its verdicts',
    asked(undefined),
    asked(undefined),
    { failOnRules: ['pie'] },
    /^no verdict/,
  ],
];

for (const [claim, before, after, gate, want] of unasked)
  test(`rules that one side was not asked: ${claim}`, () => {
    const { gate: found } = compared(before, after, gate);
    assert.match(found.because, want);
    assert.equal(found.state, want.source.startsWith('^no') ? 'holds' : 'undecided');
  });

test('rules that only a version has are said', () => {
  const { difference } = compared(asked(['pie'], 1), asked(['pie', 'relro'], 2));
  assert.match(difference.notices.join(), /different rules: 1 rule cannot be compared \(relro\)/);
});

test('a part of either side that was not read leaves the gate undecided', () => {
  const problems: TargetReport['problems'] = [{ kind: 'damaged', where: 'layer', message: 'cut' }];
  const whole = of(old);
  const cut = report([target({ binaries: [old], problems })]);
  for (const [before, after] of [
    [whole, cut],
    [cut, whole],
  ] as const)
    assert.equal(compared(before, after).gate.state, 'undecided');
});

test('by default a verdict that got worse breaks from severity low on', () => {
  assert.equal(defaultGate.worseThan, 'low');
});
