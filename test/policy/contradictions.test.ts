import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { outcomes, severities } from '../../src/base/verdict.ts';
import { contradictionsIn } from '../../src/policy/contradictions.ts';
import { type Policy, plainPolicy } from '../../src/policy/policy.ts';
import type { Gate, JudgedVerdict, Report, TargetReport } from '../../src/report/report.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { randomNumbers } from '../support/random.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

const policy: Policy = {
  ...plainPolicy({ failOn: 'high', coverage: { relro: 50 }, maximum: { low: 1 } }),
  today: '2026-11-30',
  date: '2026-11-30',
  files: [{ role: 'configuration', name: 'c.yaml', sha256: 'cc'.repeat(32), how: 'found' }],
  waivers: [
    {
      rules: ['stack-protector'],
      where: { path: ['/bin/**'] },
      causes: [],
      reason: 'the vendor builds it',
      expires: '2027-01-31',
      origin: 'c.yaml:4',
    },
  ],
};

const image = (name: string, ...verdicts: readonly JudgedVerdict[]) =>
  target({ name, binaries: [binary({ path: '/bin/a', verdicts })] });
const app = image(
  'app:1.0',
  verdict({ rule: 'pie' }),
  verdict({ rule: 'relro', outcome: 'pass' }),
  verdict({ rule: 'stack-protector' }),
);
const db = image('db:2', verdict({ rule: 'relro', outcome: 'pass' }));
const broken = report([app], 'high', policy);
const holding = report([db], 'high', policy);
const lowered = report([app], 'high', {
  ...policy,
  levels: [{ rule: 'relro', level: 'low', because: 'old', where: {}, by: 'configuration' }],
  settings: [{ name: 'rules.relro', value: '{"level":"low","reason":"old"}', from: 'c.yaml:2:3' }],
});
const both = report([app, db], 'high', policy);
const accepted = { date: '2026-06-01', owner: 'team-x', reason: 'old', expires: '2027-01-31' };
const inBaseline = report([app], 'high', {
  ...policy,
  files: [
    ...policy.files,
    { role: 'baseline', name: 'known.json', sha256: 'bb'.repeat(32), how: 'named' },
  ],
  baseline: [{ rule: 'pie', path: '/bin/a', package: null, buildId: null, ...accepted }],
});

/** Text of JSON, so that an edit is as one by hand. */
const edited = (of: Report, edit: (made: Report) => Report): Report => edit(structuredClone(of));

const eachTarget = (of: Report, change: (target: TargetReport) => TargetReport): Report => ({
  ...of,
  targets: of.targets.map(change),
});
const eachVerdict = (of: Report, change: (verdict: JudgedVerdict) => JudgedVerdict): Report =>
  eachTarget(of, (each) => ({
    ...each,
    binaries: each.binaries.map((one) => ({ ...one, verdicts: one.verdicts.map(change) })),
  }));
const eachGate = (of: Report, change: (gate: Gate) => Gate): Report => ({
  ...eachTarget(of, ({ gate, ...each }) => ({ ...each, ...(gate && { gate: change(gate) }) })),
  gate: change(of.gate),
});

const edits: readonly (readonly [
  claim: string,
  of: Report,
  edit: (of: Report) => Report,
  says: RegExp,
])[] = [
  [
    'a gate that holds, of every place',
    broken,
    (of) => eachGate(of, (gate) => ({ ...gate, state: 'holds' })),
    /gate of app:1\.0 holds, but/,
  ],
  [
    'the state of the run alone',
    broken,
    (of) => ({ ...of, gate: { ...of.gate, state: 'holds' } }),
    /gate of the report is holds, but that of its images is broken/,
  ],
  [
    'the state and the failed conditions',
    broken,
    (of) => eachGate(of, (gate) => ({ ...gate, state: 'holds', failed: [] })),
    /1 verdict break it/,
  ],
  [
    'the sentence',
    both,
    (of) => ({ ...of, gate: { ...of.gate, because: 'no finding in 2 binaries' } }),
    /the gate says "no finding in 2 binaries"/,
  ],
  [
    'a verdict that passes now',
    broken,
    (of) => eachVerdict(of, (one) => (one.rule === 'pie' ? { ...one, outcome: 'pass' } : one)),
    /counts of app:1\.0/,
  ],
  [
    'a verdict of less severity',
    broken,
    (of) => eachVerdict(of, (one) => (one.rule === 'pie' ? { ...one, severity: 'low' } : one)),
    /counts of app:1\.0/,
  ],
  [
    'a severity that a level is said to have lowered, where the policy has none',
    broken,
    (of) =>
      eachVerdict(of, (one) =>
        one.rule === 'pie' ? { ...one, severity: 'low', unweighed: { severity: 'high' } } : one,
      ),
    /1 verdict of app:1\.0 \(pie\) weighs what no level of the policy makes of it/,
  ],
  [
    'a finding that is said to be switched off, where the policy switches nothing off',
    broken,
    (of) =>
      eachVerdict(of, (one) =>
        one.rule === 'pie'
          ? { ...one, outcome: 'not-applicable', unweighed: { outcome: 'fail' } }
          : one,
      ),
    /\(pie\) weighs what no level of the policy makes of it/,
  ],
  [
    'a severity that is not the one of its level for all files',
    lowered,
    (of) => eachVerdict(of, (one) => (one.rule === 'relro' ? { ...one, severity: 'high' } : one)),
    /\(relro\) weighs what no level of the policy makes of it/,
  ],
  [
    'a list of rules without one that has verdicts',
    broken,
    (of) => ({ ...of, rules: ['relro', 'stack-protector'] }),
    /pie has verdicts, and the report does not name it as asked/,
  ],
  [
    'a finding that passed before the policy',
    broken,
    (of) =>
      eachVerdict(of, (one) =>
        one.rule === 'pie' ? { ...one, unweighed: { outcome: 'pass' } } : one,
      ),
    /1 verdict of app:1\.0 was another before the policy/,
  ],
  [
    'a verdict that is taken away',
    broken,
    (of) =>
      eachTarget(of, (each) => ({
        ...each,
        binaries: each.binaries.map((one) => ({ ...one, verdicts: one.verdicts.slice(1) })),
      })),
    /counts of app:1\.0/,
  ],
  [
    'the counts',
    broken,
    (of) => ({ ...of, counts: { ...of.counts, failures: { ...of.counts.failures, high: 0 } } }),
    /counts of the report are not the sum/,
  ],
  [
    'a verdict that somebody waived',
    broken,
    (of) =>
      eachVerdict(of, (one) =>
        one.rule === 'pie' ? { ...one, waived: { reason: 'fine', expires: null } } : one,
      ),
    /1 verdict of pie is waived \(fine\), but the policy has no such waiver/,
  ],
  [
    'a verdict more of a waiver that there is',
    broken,
    (of) => {
      const waived = {
        ...{ reason: 'the vendor builds it', expires: '2027-01-31', origin: 'c.yaml:4' },
      };
      return eachVerdict(of, (one) => (one.rule === 'pie' ? { ...one, waived } : one));
    },
    /2 verdicts of pie, stack-protector are waived .*but the policy says 1 of stack-protector/,
  ],
  [
    'a longer waiver',
    broken,
    (of) =>
      eachVerdict(of, ({ waived, ...one }) => ({
        ...one,
        ...(waived && { waived: { ...waived, expires: '2099-01-01' } }),
      })),
    /but the policy has no such waiver/,
  ],
  [
    'a waiver of a file that the policy is not of',
    broken,
    (of) => ({ ...of, policy: { ...of.policy, files: [] } }),
    /a waiver is of c\.yaml, which is not among the policy's files/,
  ],
  [
    'a day after the end of a waiver',
    broken,
    (of) => ({ ...of, date: '2027-02-01' }),
    /that ended on 2027-01-31, before the day of the report/,
  ],
  [
    'a verdict that somebody put in the baseline',
    broken,
    (of) => eachVerdict(of, (one) => (one.rule === 'pie' ? { ...one, baselined: true } : one)),
    /1 verdict of pie is in the baseline, but the policy has no such entry/,
  ],
  [
    'a later end of an entry of the baseline',
    inBaseline,
    (of) =>
      eachVerdict(of, ({ baselinedBy, ...one }) => ({
        ...one,
        ...(baselinedBy && { baselinedBy: { ...baselinedBy, expires: '2099-01-01' } }),
      })),
    /but the policy has no such entry/,
  ],
  [
    'how many verdicts the baseline knows',
    inBaseline,
    (of) => ({
      ...of,
      policy: { ...of.policy, baseline: [{ rules: ['pie'], ...accepted, verdicts: 9 }] },
    }),
    /1 verdict of pie is in the baseline, but the policy says 9 of pie/,
  ],
  [
    'a baseline that the policy is not of',
    inBaseline,
    (of) => ({ ...of, policy: { ...of.policy, files: policy.files } }),
    /verdicts are in a baseline, which is not among the policy's files/,
  ],
  [
    'a day after the end of an entry of the baseline',
    inBaseline,
    (of) => ({ ...of, date: '2027-02-01' }),
    /pie is in the baseline, but that ended on 2027-01-31/,
  ],
  [
    'a lower threshold',
    broken,
    (of) => eachGate(of, (gate) => ({ ...gate, failOn: 'critical' })),
    /the gate of app:1\.0 is broken, but by its verdicts holds/,
  ],
  [
    'a condition that is taken away',
    holding,
    (of) => eachGate(of, ({ asked, ...gate }) => ({ ...gate, asked: { coverage: { relro: 50 } } })),
    /the conditions that hold of db:2 are not those of its verdicts/,
  ],
  [
    'a condition that holds with other figures',
    holding,
    (of) =>
      eachGate(of, (gate) => ({
        ...gate,
        held: (gate.held ?? []).map((each) => ({ ...each, because: 'relro covers 9 of 9' })),
      })),
    /the conditions that hold of db:2/,
  ],
  [
    'what does not count',
    broken,
    (of) => eachGate(of, (gate) => ({ ...gate, setAside: { ...gate.setAside, waived: 0 } })),
    /what does not count of app:1\.0/,
  ],
  [
    'an owner that the file does not have',
    report([app], 'high', { ...policy, gate: { ...policy.gate, of: 'yours' } }),
    (of) =>
      eachVerdict(of, (one) =>
        one.rule === 'pie' ? { ...one, outsideGate: 'distribution' } : one,
      ),
    /1 verdict of app:1\.0 does not count because of an owner/,
  ],
  [
    'a part that could not be scanned, and a gate that holds',
    report([target({ problems: [{ kind: 'limit', where: '/x', message: 'too large' }] })]),
    (of) => eachGate(of, (gate) => ({ ...gate, state: 'holds' })),
    /1 part of it could not be scanned/,
  ],
  [
    'the version, and a gate that holds',
    broken,
    (of) => ({
      ...eachGate(of, (gate) => ({ ...gate, state: 'holds', failed: [] })),
      tool: { name: 'hullcheck', version: '0.0.1' },
    }),
    /1 verdict break it/,
  ],
];

for (const [claim, of, edit, says] of edits)
  test(`a report with an edit of ${claim} contradicts itself`, () => {
    assert.deepEqual(contradictionsIn(of), []);
    assert.match(contradictionsIn(edited(of, edit)).join('\n'), says);
  });

test('a report of a version without conditions, rules and waivers does not contradict itself', () => {
  const { settings, waivers, baseline, ...plain } = both.policy;
  const old = eachGate({ ...both, policy: plain }, ({ asked, ...gate }) => gate);
  assert.deepEqual(contradictionsIn(old), []);
  const oldest = eachTarget(old, ({ gate, ...each }) => each);
  assert.deepEqual(contradictionsIn(oldest), []);
});

const owners = ['yours', 'dependency', 'distribution'] as const;

function randomReport(seed: number): Report {
  const below = randomNumbers(seed);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const some = <T>(items: readonly T[]) => items.filter(() => below(3) === 0);
  const ids = ['pie', 'relro', 'loadable'];
  const facts = () => {
    const owned = { whose: pick(owners), component: null, because: 'so' };
    return factsWith({ ownership: known(owned) });
  };
  const targets = Array.from({ length: below(4) }, (_, at) =>
    target({
      name: `app:${at}`,
      problems: some([{ kind: 'limit', where: '/x', message: 'too large' } as const]),
      binaries: some(['/a', '/b', '/c', '/d']).map((path) =>
        binary({
          path,
          facts: facts(),
          verdicts: ids.map((rule) =>
            verdict({ rule, outcome: pick(outcomes), severity: pick(severities) }),
          ),
        }),
      ),
    }),
  );
  const levels = some(ids).map((rule) => ({
    rule,
    level: pick([...severities, 'off'] as const),
    by: pick(['configuration', 'profile'] as const),
    because: 'so',
    where: pick([{}, { path: ['/a'] }]),
  }));
  return report(targets, 'high', {
    ...policy,
    gate: {
      ...policy.gate,
      of: pick(['yours', 'dependencies', 'all'] as const),
      failOn: pick([...severities, 'none'] as const),
      failOnRules: some(ids),
      failOnUnknown: below(2) === 0,
      coverage: Object.fromEntries(some(ids).map((id) => [id, below(101)])),
      maximum: Object.fromEntries(some([...ids, 'high']).map((id) => [id, below(3)])),
      required: pick([true, false, ['pie']]),
      allowEmpty: below(2) === 0,
      strictPolicy: below(2) === 0,
    },
    levels,
    settings: levels.map(({ rule, level, by, where }) =>
      by === 'configuration' && Object.keys(where).length === 0
        ? { name: `rules.${rule}`, value: JSON.stringify(level), from: 'c.yaml:2:3' }
        : { name: 'overrides', value: '[]', from: 'c.yaml:2:3' },
    ),
    waivers: policy.waivers.map((waiver) => ({
      ...waiver,
      rules: [pick(ids)],
      where: { path: ['/*'] },
    })),
  });
}

test('no report of 500 random policies contradicts itself, written and read back', async () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const made = randomReport(seed);
    const back = readReport(await render('json', made, { all: true }));
    assert.deepEqual(contradictionsIn(back), [], `seed ${seed}`);
  }
});

test('no broken gate of 500 random policies can be said to hold', () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const made = randomReport(seed);
    if (made.gate.state !== 'broken') continue;
    const turned = { ...made, gate: { ...made.gate, state: 'holds' as const } };
    assert.notDeepEqual(contradictionsIn(turned), [], `seed ${seed}`);
  }
});
