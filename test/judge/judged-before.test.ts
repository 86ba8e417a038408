import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { JudgedBefore } from '../../src/judge/judged-before.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import { factsWith, verdict } from '../support/reports/report-builder.ts';

describe('what was judged before', () => {
  const extraction = { facts: factsWith({}) };
  const around = () => ({ ...extraction.facts, requiredSystem: known(null) });
  const asked = () => {
    const calls: JudgedVerdict[][] = [];
    const judge = () => {
      calls.push([verdict({ rule: 'pie', outcome: 'pass' })]);
      return calls.at(-1) ?? [];
    };
    return { calls, judge };
  };

  it('is not judged again where all facts are equal', () => {
    const { calls, judge } = asked();
    const before = new JudgedBefore();
    const first = before.of(extraction, '/bin/app', around(), judge);
    assert.equal(before.of(extraction, '/bin/app', around(), judge), first);
    assert.equal(calls.length, 1);
  });

  const judgedAsStart = known(true);
  for (const [name, path, change] of [
    ['one fact of its place is another', '/bin/app', { judgedAsStart }],
    ['it lies at another path', '/opt/app', {}],
  ] as const) {
    it(`is judged again where ${name}`, () => {
      const { calls, judge } = asked();
      const before = new JudgedBefore();
      before.of(extraction, '/bin/app', around(), judge);
      const facts = { ...around(), ...change };
      assert.equal(before.of(extraction, path, facts, judge).facts, facts);
      assert.equal(calls.length, 2);
    });
  }
});
