import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { before, test } from 'node:test';
import { randomNumbers } from '../../support/random.ts';
import { type Asked, type ScriptedImage, scriptedImage } from '../../support/scripted-registry.ts';
import { mediaTypes } from '../image-builder.ts';
import { type Pulled, pull } from './scripted-pull.ts';

/** A connection that ends at any byte: the pull goes on where it ended, or says so in one sentence. Digests are checked, so whole is right. */
let image: ScriptedImage;
before(async () => {
  image = await scriptedImage();
});

/** A part of the image by its path; undefined: another path. */
function partOf({ path }: Asked): Buffer | undefined {
  if (path.endsWith(image.digests.layer)) return image.layer;
  if (path.endsWith(image.digests.config)) return image.config;
  return /\/manifests\//.test(path) ? image.manifest : undefined;
}

interface Cut {
  readonly part: 'layer' | 'config' | 'manifest';
  readonly at: number;
  /** null: a server without ranges, which begins again each time. */
  readonly ranges: true | null;
  /** How many answers are cut. */
  readonly times: number;
}

/** All bytes from where the client goes on, up to the cut. */
function cutAnswer(
  { at, ranges, part, times }: Cut,
  asked: Asked,
  response: ServerResponse,
): boolean {
  const bytes = partOf(asked);
  if (bytes !== image[part]) return false;
  const from =
    ranges === null ? 0 : Number(/^bytes=(\d+)-$/.exec(asked.headers.range ?? '')?.[1] ?? 0);
  const end = asked.attempt < times ? Math.min(bytes.length, Math.max(from, at)) : bytes.length;
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': bytes.length - from,
    'content-type': part === 'manifest' ? mediaTypes.manifest : 'application/octet-stream',
  });
  response.flushHeaders();
  response.write(bytes.subarray(from, end));
  if (end < bytes.length) setImmediate(() => response.destroy());
  else response.end();
  return true;
}

const cut = (given: Cut): Promise<Pulled> =>
  pull({ image, script: () => (asked, response) => cutAnswer(given, asked, response) });

const parts = ['layer', 'config', 'manifest'] as const;

/** Fifty places in a layer, and ten in each document. */
function places(seed: number) {
  const random = randomNumbers(seed);
  return parts.flatMap((part) =>
    Array.from({ length: part === 'layer' ? 50 : 10 }, () => ({
      part,
      at: random(image[part].length),
    })),
  );
}

for (const ranges of [true, null] as const)
  test(`a pull that is cut at any byte is whole in the end, ${ranges ? 'with' : 'without'} ranges`, {
    timeout: 300_000,
  }, async () => {
    for (const place of places(ranges ? 1 : 2)) {
      const { failure, hosts } = await cut({ ...place, ranges, times: 1 });
      assert.equal(failure, null, JSON.stringify(place));
      const asked = hosts.registry.log.filter((each) => /\/blobs\/|\/manifests\//.test(each));
      assert.equal(
        asked.length,
        4,
        `each part once, and one of them again: ${JSON.stringify(place)}`,
      );
    }
  });

test('where nothing comes behind a byte, one sentence says so', { timeout: 300_000 }, async () => {
  for (const ranges of [true, null] as const)
    for (const place of places(3)) {
      const { failure } = await cut({ ...place, ranges, times: Number.POSITIVE_INFINITY });
      // `pull` holds a failure to one line.
      assert.match(
        failure ?? 'pulled',
        /^127\.0\.0\.1:\d+ cannot be reached: \S.*$/,
        JSON.stringify(place),
      );
    }
});

test('a layer is whole where each answer is cut a little further', {
  timeout: 300_000,
}, async () => {
  const random = randomNumbers(4);
  const script = (asked: Asked, response: ServerResponse) => {
    const from = Number(/^bytes=(\d+)-$/.exec(asked.headers.range ?? '')?.[1] ?? 0);
    const at = from + 1 + random(600);
    return cutAnswer(
      { part: 'layer', at, ranges: true, times: Number.POSITIVE_INFINITY },
      asked,
      response,
    );
  };
  const { failure } = await pull({ image, script: () => script });
  assert.equal(failure, null);
});
