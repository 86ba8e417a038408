import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLabels } from '../../lab/matrix/labels.ts';
import { describe, type Judged, shortcomings } from '../../lab/matrix/tally.ts';

function judged(
  outcome: Judged['outcome'],
  expected: Judged['expected'],
  more: Partial<Judged> = {},
): Judged {
  return {
    name: 'one',
    machine: 'mips',
    rule: 'relro',
    message: 'because',
    expected,
    outcome,
    ...more,
  };
}

test('of two labels for a rule the later wins, and an empty one takes the label back', () => {
  const [file] = readLabels('one\tmips\tpie=pass\trelro=pass\trelro=fail\tpie=\n');
  assert.deepEqual([...(file?.labels ?? [])], [['relro', 'fail']]);
});

test('a label that is not an outcome is an error', () => {
  assert.throws(() => readLabels('one\tmips\tpie=yes\n'), /label pie=yes, expected one of/);
});

const cases = [
  { name: 'a right verdict is not a shortcoming', verdicts: [judged('fail', 'fail')], want: [] },
  {
    name: 'a wrong verdict is one',
    verdicts: [judged('pass', 'fail')],
    want: ['wrong: one: relro is pass, built for fail: because'],
  },
  {
    name: 'a verdict of a rule that does not exist is wrong',
    verdicts: [judged('not a rule', 'fail')],
    want: ['wrong: one: relro is not a rule, built for fail: because'],
  },
  {
    name: 'unknown is right where nothing can be known',
    verdicts: [judged('unknown', 'unknown')],
    want: [],
  },
  {
    name: 'three of ten may be undecided',
    verdicts: [
      ...Array(7).fill(judged('pass', 'pass')),
      ...Array(3).fill(judged('unknown', 'pass')),
    ],
    want: [],
  },
  {
    name: 'four of ten are too many',
    verdicts: [
      ...Array(6).fill(judged('pass', 'pass')),
      ...Array(4).fill(judged('unknown', 'pass')),
    ],
    want: ['relro: 40 % undecided, allowed are 30 %'],
  },
  {
    name: 'no stack protector is undecided on x86-64',
    verdicts: [
      ...Array(9).fill(judged('pass', 'pass', { rule: 'stack-protector', machine: 'x86_64' })),
      judged('unknown', 'pass', { rule: 'stack-protector', machine: 'x86_64' }),
    ],
    want: ['undecided: one: stack-protector: because'],
  },
];
for (const { name, verdicts, want } of cases) {
  test(name, () => assert.deepEqual(shortcomings(verdicts), want));
}

test('where everything must be decided, what is not is a mistake', () => {
  const verdicts = [...Array(9).fill(judged('pass', 'pass')), judged('unknown', 'pass')];
  assert.deepEqual(shortcomings(verdicts, true), [
    'wrong: one: relro is unknown, built for pass: because',
  ]);
});

test('the table counts right, wrong and undecided by rule and machine', () => {
  const text = describe([
    judged('pass', 'pass'),
    judged('pass', 'fail'),
    judged('unknown', 'pass', { machine: 'arm' }),
  ]);
  assert.match(text, /^relro +1\/1\/0 +0\/0\/1 +1\/1\/1$/m);
});
