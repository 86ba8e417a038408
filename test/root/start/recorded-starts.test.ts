import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { compareVerdict } from '../../../lab/entrypoints/compare-verdict.ts';
import type { BaseImage } from '../../../lab/entrypoints/entrypoint-case.ts';
import { entrypointCases } from '../../../lab/entrypoints/entrypoint-cases.ts';
import { ImageMaker } from '../../../lab/entrypoints/image-maker.ts';
import { readRecord } from '../../../lab/entrypoints/record.ts';
import { startVerdict } from '../../../lab/entrypoints/start-verdict.ts';

const folder = mkdtempSync(join(tmpdir(), 'recorded-starts-'));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'programs'));
const maker = new ImageMaker(join(folder, 'programs'));

/** The others hold programs of the machine that runs the tests, or of Alpine. */
const small: readonly BaseImage[] = ['scratch', 'musl', 'glibc'];

const images = entrypointCases.flatMap((each) =>
  each.bases.filter((base) => small.includes(base)).map((base) => ({ base, each })),
);

const record = readRecord();

describe('an image is said to start where crun and runc started it, and to fail as it failed', () => {
  for (const { base, each } of images) {
    it(`${base}: ${each.name}`, async () => {
      const ends = Object.values(record[`${base}: ${each.name}`] ?? {});
      assert.notEqual(ends.length, 0, 'nothing is recorded');
      const layout = join(folder, 'layout');
      rmSync(layout, { recursive: true, force: true });
      maker.write(layout, base, each);
      const verdict = await startVerdict(layout);
      const answer = compareVerdict(ends, verdict, each);
      const want = each.undecided === undefined ? ['agrees', 'left to the program'] : ['undecided'];
      assert.ok(
        want.includes(answer),
        `${answer}: ${ends}: ${verdict.outcome}: ${verdict.message}`,
      );
    });
  }
});
