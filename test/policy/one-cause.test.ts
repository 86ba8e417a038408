import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { type GateConditions, type Policy, plainPolicy } from '../../src/policy/policy.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import type { Facts } from '../../src/root/root-facts.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const bindNow = verdict({ rule: 'bind-now', severity: 'low' });
const relro = verdict({ rule: 'relro', severity: 'low' });
const waiver = {
  rules: ['relro'],
  where: {},
  causes: [],
  reason: 'the test accepts it',
  expires: null,
  origin: 'hullcheck.yaml:1',
};

interface Case {
  readonly name: string;
  readonly verdicts: readonly JudgedVerdict[];
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly gate?: Partial<GateConditions>;
  readonly policy?: Partial<Policy>;
  /** Rules that count, in order. */
  readonly counts: readonly string[];
}

const announced = (tags: readonly string[]) => ({ textRelocations: known({ announced: tags }) });
const fixed = [verdict({ rule: 'no-text-relocations' }), verdict({ rule: 'pie' })];
const table: readonly Case[] = [
  { name: 'lazy binding is counted with RELRO', verdicts: [bindNow, relro], counts: ['relro'] },
  {
    name: 'and by itself where RELRO is not in the run',
    verdicts: [bindNow],
    counts: ['bind-now'],
  },
  {
    name: 'and where RELRO passes',
    verdicts: [bindNow, { ...relro, outcome: 'pass' }],
    counts: ['bind-now'],
  },
  {
    name: 'and where RELRO is unknown',
    verdicts: [bindNow, { ...relro, outcome: 'unknown' }],
    counts: ['bind-now'],
  },
  {
    name: 'and where RELRO is waived',
    verdicts: [bindNow, relro],
    policy: { waivers: [waiver] },
    counts: ['bind-now'],
  },
  {
    name: 'and where RELRO is off',
    verdicts: [bindNow, relro],
    policy: {
      levels: [
        { rule: 'relro', level: 'off', because: 'of the test', where: {}, by: 'configuration' },
      ],
    },
    counts: ['bind-now'],
  },
  {
    name: 'but not where lazy binding alone is outside the gate: one entry, one remedy',
    verdicts: [bindNow, { ...relro, severity: 'high' }],
    facts: {
      ownership: known({ whose: 'dependency', component: { ecosystem: 'deb' } }),
      exposure: known({ privileged: true, reached: null, onPath: true }),
    },
    gate: { of: 'yours' },
    counts: ['relro'],
  },
  {
    name: 'and where RELRO weighs less',
    verdicts: [{ ...bindNow, severity: 'medium' }, relro],
    counts: ['bind-now', 'relro'],
  },
  {
    name: 'and where fail-on names it',
    verdicts: [bindNow, relro],
    gate: { failOnRules: ['bind-now'] },
    counts: ['bind-now', 'relro'],
  },
  {
    name: 'and where its coverage is required',
    verdicts: [bindNow, relro],
    gate: { coverage: { 'bind-now': 100 } },
    counts: ['bind-now', 'relro'],
  },
  {
    name: 'and where it has a maximum',
    verdicts: [bindNow, relro],
    gate: { maximum: { 'bind-now': 0 } },
    counts: ['bind-now', 'relro'],
  },
  {
    name: 'text relocations of a program at a fixed address are counted with pie',
    verdicts: fixed,
    facts: announced(['DT_TEXTREL']),
    counts: ['pie'],
  },
  {
    name: 'and by themselves where they make the program crash',
    verdicts: fixed,
    facts: announced([]),
    counts: ['no-text-relocations', 'pie'],
  },
];

describe('one cause is one finding', () => {
  for (const { name, verdicts, facts = {}, gate = {}, policy = {}, counts } of table)
    it(`${name}`, () => {
      const file = binary({ path: '/app', facts: facts as unknown as Facts, verdicts });
      const judged = applyPolicy([target({ binaries: [file] })], {
        ...plainPolicy({ failOn: 'low', ...gate }),
        ...policy,
      });
      const [found] = judged.targets[0]?.binaries ?? [];
      const counted = (found?.verdicts ?? []).filter(
        (each) => each.outcome === 'fail' && !each.waived && !each.countedWith,
      );
      assert.deepEqual(
        counted.map(({ rule }) => rule),
        counts,
      );
      const { failures, outcomes } = judged.targets[0]?.counts ?? assert.fail('there is no target');
      assert.equal(
        Object.values(failures).reduce((a, b) => a + b),
        counts.length,
      );
      assert.equal(outcomes.fail, counts.length);
      assert.equal(judged.gate.state, 'broken');
    });

  it('a condition over bind-now breaks by what is counted with RELRO elsewhere', () => {
    const judge = (gate: Partial<GateConditions>) =>
      applyPolicy(
        [target({ binaries: [binary({ path: '/app', verdicts: [bindNow, relro] })] })],
        plainPolicy({ failOn: 'none', ...gate }),
      ).gate.state;
    assert.equal(judge({ failOnRules: ['bind-now'] }), 'broken');
    assert.equal(judge({ coverage: { 'bind-now': 100 } }), 'broken');
    assert.equal(judge({ maximum: { 'bind-now': 0 } }), 'broken');
    assert.equal(judge({ maximum: { low: 1 } }), 'holds');
  });

  it('a report that is judged again by another gate counts anew', () => {
    const file = binary({ path: '/app', verdicts: [bindNow, relro] });
    const first = applyPolicy([target({ binaries: [file] })], plainPolicy({ failOn: 'low' }));
    const again = applyPolicy(first.targets, plainPolicy({ failOnRules: ['bind-now'] }));
    assert.equal(again.gate.state, 'broken');
    assert.equal(again.targets[0]?.binaries[0]?.verdicts[0]?.countedWith, undefined);
  });

  it('is one entry in every report, and says so where all verdicts are shown', async () => {
    const given = report(
      [target({ binaries: [binary({ path: '/app', verdicts: [bindNow, relro] })] })],
      'low',
    );
    for (const format of ['text', 'markdown', 'github', 'gitlab', 'csv', 'sarif']) {
      const text = await render(format, given);
      assert.ok(text.includes('relro says so'), format);
      assert.ok(!text.includes('bind-now says so'), `${format}: ${text}`);
    }
    assert.match(await render('text', given, { all: true }), /counted with relro/);
    assert.match(await render('json', given), /"countedWith":"relro"/);
  });
});
