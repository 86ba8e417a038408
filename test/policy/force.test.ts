import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createForce } from '../../src/policy/force.ts';
import { type LevelChange, type Policy, plainPolicy } from '../../src/policy/policy.ts';
import { subjectsOf } from '../../src/policy/subject.ts';
import { createTrusting, type Trusting } from '../../src/policy/words/trusting.ts';
import { binary, target, verdict } from '../support/reports/report-builder.ts';

const image = target({
  binaries: [binary({ path: '/app', verdicts: [verdict({ rule: 'pie' })] })],
});
const rules = ['pie', 'relro', 'bind-now'] as const;
const ofProfile = { path: ['/app'] };
const change = (rule: string, more: Partial<LevelChange>): LevelChange => ({
  ...{ rule, level: 'off', because: 'so', where: {}, by: 'configuration' },
  ...more,
});

/** Counts what is compiled. */
function counting() {
  const trusting = createTrusting(undefined);
  let compiled = 0;
  const counted: Trusting = {
    ...trusting,
    compile(...given) {
      compiled += 1;
      return trusting.compile(...given);
    },
  };
  return { counted, count: () => compiled };
}

const table: readonly (readonly [claim: string, levels: Policy['levels'], want: number])[] = [
  [
    'a level of the configuration is compiled once, for verdicts and for what is off',
    rules.map((rule) => change(rule, {})),
    3,
  ],
  [
    'and an expectation of a profile once for all of its rules',
    rules.map((rule) => change(rule, { by: 'profile', where: ofProfile })),
    1,
  ],
];

for (const [claim, levels, want] of table)
  test(claim, () => {
    const { counted, count } = counting();
    const { level, isOff } = createForce({ ...plainPolicy(), levels }, counted)(image);
    const [subject] = subjectsOf(image);
    const [found] = image.binaries[0]?.verdicts ?? [];
    assert.ok(subject && found);
    assert.equal(level(found, subject).outcome, 'not-applicable');
    assert.equal(isOff(found, subject), true);
    assert.equal(count(), want);
  });

test('a selector of a profile is the same compiled when it is needed', () => {
  const os = { id: 'alpine', versionId: '3.20', prettyName: 'Alpine Linux v3.20' };
  for (const [where, want] of [
    [{ path: ['/app'] }, 'not-applicable'],
    [{ path: ['/other'] }, 'fail'],
    [{ path: ['/app'], os: { id: ['debian'] } }, 'fail'],
    [{ package: ['busybox'] }, 'fail'],
  ] as const) {
    const levels = [change('pie', { by: 'profile', where })];
    const { level } = createForce({ ...plainPolicy(), levels }, createTrusting(undefined))(image);
    const on = target({ ...image, os });
    const [subject] = subjectsOf(on);
    const [found] = on.binaries[0]?.verdicts ?? [];
    assert.ok(subject && found);
    assert.equal(level(found, subject).outcome, want, JSON.stringify(where));
  }
});
