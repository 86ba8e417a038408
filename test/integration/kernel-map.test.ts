import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { compareWithKernel } from '../../lab/compare-with-kernel.ts';
import { createStarter } from '../../lab/kernel-map/kernel-view.ts';
import { samplePrograms } from '../../lab/kernel-map/programs.ts';
import { repositoryRoot } from '../support/repository.ts';

/**
 * Programs with changed headers that Linux really starts, each stopped before its first instruction. As root in a root of
 * their own by nobody, otherwise where they are: nothing of them runs. The whole is lab/compare-with-kernel.ts.
 */
const reason =
  process.platform === 'linux' && process.arch === 'x64'
    ? false
    : 'the programs are for Linux on x86-64';

describe('a file is mapped, and refused, as Linux does it', { skip: reason }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-map-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const programs = samplePrograms(repositoryRoot);

  test('there are programs to change', () => {
    assert.ok(programs.length >= 40, `${programs.length} programs`);
  });

  for (const seed of [11, 12]) {
    test(`500 programs of seed ${seed}`, () => {
      const { starts, refused, differences } = compareWithKernel(
        programs,
        500,
        seed,
        createStarter(folder),
      );
      assert.deepEqual(differences, []);
      assert.ok(starts > 300 && refused > 50, `${starts} start, ${refused} are refused`);
    });
  }
});
