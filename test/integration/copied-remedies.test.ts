import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { copyCases } from '../../lab/remedies/copy-cases.ts';
import { followCopied, isRightCopy } from '../../lab/remedies/follow-copied.ts';

const obstacle =
  process.platform === 'linux' && process.arch === 'x64'
    ? false
    : 'programs for Linux on x86-64 are built and started';

describe('the command of the text report, copied in front of the same build, leaves no finding of severity medium or above', () => {
  for (const given of copyCases) {
    test(given.name, { skip: obstacle }, async () => {
      const copied = await followCopied(given);
      assert.ok(isRightCopy(given, copied), JSON.stringify(copied, null, 2));
    });
  }
});
