import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  followApk,
  followRemedy,
  isRight,
  missingFor,
  remedyCases,
} from '../../lab/check-remedies.ts';
import { rules } from '../../rules/index.ts';

/** Advice that was tried. The cases of Go and Rust are followed where these are installed, by lab/check-remedies.ts. */
const isRoot = process.getuid?.() === 0;
const obstacle =
  process.platform === 'linux' && process.arch === 'x64' && isRoot
    ? false
    : 'programs for Linux on x86-64 are started in roots of their own, as root';

test('every remedy that is followed stands in its rule word for word', () => {
  for (const { rule, toolchain, says } of remedyCases) {
    const text = rules.find(({ id }) => id === rule)?.remediation[toolchain] ?? '';
    assert.ok(
      text.replace(/\s+/g, ' ').includes(says),
      `${rule} ${toolchain} does not say ${says}`,
    );
  }
});

describe('a program that follows the remedy is not failed any more, and starts', () => {
  for (const remedy of remedyCases.filter(({ needs }) => needs === undefined)) {
    const name = `${remedy.rule} ${remedy.toolchain} "${remedy.says}" in ${remedy.startsIn.join(', ')}`;
    test(name, { skip: obstacle }, async () => {
      assert.equal(missingFor(remedy), null);
      const followed = await followRemedy(remedy);
      assert.ok(isRight(followed), JSON.stringify(followed));
    });
  }
});

test('the command of apk that a missing library brings makes the program start', {
  skip: obstacle,
}, async () => {
  const followed = await followApk();
  // Without Alpine's root next to the project there is no apk to run.
  if (followed !== null) assert.ok(isRight(followed), JSON.stringify(followed));
});
