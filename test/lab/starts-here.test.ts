import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareVerdict } from '../../lab/entrypoints/compare-verdict.ts';
import { startsHere } from '../../lab/starting/starts-here.ts';
import type { Verdict } from '../../src/base/verdict.ts';

type Said = Pick<Verdict, 'outcome' | 'message'>;

const onLarger: Said = {
  outcome: 'fail',
  message: 'it starts only on a 64-bit kernel: x86-64: the 32-bit one answers "exec format error"',
};

describe('what the laboratory counts as a start on its kernel of 64 bits', () => {
  const cases: readonly (readonly [name: string, said: Said, want: boolean])[] = [
    ['a pass', { outcome: 'pass', message: '/app starts' }, true],
    ['a program that 32-bit kernels refuse', onLarger, true],
    [
      'not one that some processors refuse',
      { outcome: 'fail', message: 'it starts only on processors and kernels with 32-bit programs' },
      false,
    ],
    [
      'not one that dies of another cause, whatever its text quotes',
      {
        outcome: 'fail',
        message: 'it will not start: exec it starts only on a 64-bit kernel: no such file',
      },
      false,
    ],
    ['not what is undecided', { outcome: 'unknown', message: onLarger.message }, false],
  ];
  for (const [name, said, want] of cases) it(name, () => assert.equal(startsHere(said), want));

  it('what it says to start there and dies is a false pass', () => {
    assert.equal(compareVerdict(['library'], onLarger), 'false pass');
    assert.equal(compareVerdict(['starts'], onLarger), 'agrees');
  });
});
