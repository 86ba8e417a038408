import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareOpening } from '../../lab/compare-with-opening.ts';
import { openingCases } from '../../lab/opening/opening-cases.ts';

/** Plugins that are really opened with dlopen, each in a root of its own, end as the rule `loadable` predicts. */
const isRoot = process.getuid?.() === 0;
const otherMachine =
  process.platform === 'linux' && process.arch === 'x64'
    ? false
    : 'the cases are plugins for Linux on x86-64';

describe('what a process opens ends as it is predicted', () => {
  for (const opening of openingCases) {
    test(opening.name, { skip: otherMachine }, async () => {
      const { predicted, real, message, said } = await compareOpening(opening, isRoot);
      assert.equal(real, opening.ends, `made so that it ${opening.ends}; really: ${said}`);
      assert.equal(predicted, real, `${message}; really: ${said}`);
    });
  }
});
