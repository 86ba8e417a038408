import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareStart, obstacle, startingCases } from '../../lab/compare-with-starting.ts';

/**
 * Programs that are really started, each in a root of its own, end as the rule `loadable` predicts. As root with
 * chroot; otherwise with `unshare -r`, and the cases that need root say so.
 */
const isRoot = process.getuid?.() === 0;
const otherMachine =
  process.platform === 'linux' && process.arch === 'x64'
    ? null
    : 'the cases are programs for Linux on x86-64';

describe('prediction and reality agree', () => {
  for (const starting of startingCases) {
    const reason = otherMachine ?? obstacle(starting, isRoot);
    test(`${starting.base} root: ${starting.name}`, { skip: reason ?? false }, async () => {
      const { predicted, real } = await compareStart(starting, isRoot);
      assert.equal(real.fate, starting.ends, `made so that it ${starting.ends}: ${real.said}`);
      assert.equal(predicted.fate, real.fate, `${predicted.message}; really: ${real.said}`);
    });
  }
});
