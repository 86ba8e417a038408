import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { randomFrom } from '../../fuzz/random.ts';
import { compareImage, reasons } from '../../lab/runtimes/compare-image.ts';
import { filesJudged, type Judged } from '../../lab/runtimes/files-of-root.ts';
import { writeLayout } from '../../lab/runtimes/image-layout.ts';
import { randomImage, stepNames } from '../../lab/runtimes/random-image.ts';
import { packedLayout, umoci } from '../../lab/runtimes/unpackers.ts';

/** The whole comparison is lab/compare-with-runtimes.ts; these few need only umoci, and no root. */
const folder = mkdtempSync(join(tmpdir(), 'runtimes-test-'));
const unpacker = umoci(folder);
after(() => rmSync(folder, { recursive: true, force: true }));

/** Devices take root, and umoci refuses the others in some places. */
const left = ['device or FIFO', 'global header', 'hard link to a lower file'];
const seeds = Array.from({ length: 60 }, (_, at) => 7000 + at).filter((seed) => {
  const { steps } = randomImage(randomFrom(seed), '');
  return left.every((step) => !steps.has(step));
});

describe('the files that umoci unpacks are those that are judged', () => {
  for (const seed of seeds.slice(0, 12)) {
    it(`image ${seed}`, async () => {
      const tag = `i${seed}`;
      const image = randomImage(randomFrom(seed), tag);
      const layout = join(folder, tag);
      writeLayout(layout, [{ tag, layers: image.layers }]);
      const judged = await filesJudged(`oci-dir:${layout}:${tag}`);
      const real = unpacker.unpack(packedLayout(layout, tag));
      assert.ok(real !== null && typeof real !== 'string', String(real));
      assert.ok(real.size > 0);
      const differences = compareImage(judged, real, image.features, unpacker.way);
      assert.deepEqual(
        differences.filter(({ reason }) => reason === null),
        [],
      );
      assert.deepEqual(judged.problems, []);
    });
  }
});

describe('the comparison', () => {
  const judged: Judged = { files: new Map([['/d/a', '1']]), problems: [], notices: [] };
  const features = [{ kind: 'path through a lower link', places: ['/d'] }] as const;

  it('reports what is not judged, whatever the image was made of', () => {
    const differences = compareImage(judged, new Map([['/d/b', '2']]), features, 'copy');
    assert.deepEqual(
      differences.map(({ kind, path, reason }) => [kind, path, reason === null]),
      [
        ['hidden', '/d/b', true],
        ['extra', '/d/a', false],
      ],
    );
  });
  it('has reasons that hold at their places alone', () => {
    const [extra] = compareImage(judged, new Map(), [{ ...features[0], places: ['/dd'] }], 'copy');
    assert.equal(extra?.reason, null);
  });
  it('makes the same image of the same seed, and others of others', () => {
    const layersOf = (seed: number) => Buffer.concat(randomImage(randomFrom(seed), 'x').layers);
    assert.ok(layersOf(5).equals(layersOf(5)));
    assert.ok(!layersOf(5).equals(layersOf(6)));
  });
  it('makes images with every step and every feature that has a reason', () => {
    const images = Array.from({ length: 200 }, (_, at) => randomImage(randomFrom(at + 1), 'x'));
    const steps = new Set(images.flatMap((image) => [...image.steps.keys()]));
    const kinds = new Set(images.flatMap((image) => image.features.map(({ kind }) => kind)));
    assert.deepEqual(
      stepNames.filter((name) => !steps.has(name)),
      [],
    );
    assert.deepEqual(
      reasons.filter(({ feature }) => !kinds.has(feature)),
      [],
    );
  });
});
