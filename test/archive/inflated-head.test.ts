import assert from 'node:assert/strict';
import { it } from 'node:test';
import { constants, deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { inflatedHead } from '../../src/archive/compression/inflated-head.ts';
import { randomNumbers } from '../support/random.ts';

const random = randomNumbers(23);
const text = (size: number, letters: number) =>
  Buffer.from(Array.from({ length: size }, () => 97 + random(letters)));
const contents = [text(0, 9), text(1, 9), text(700, 3), text(20_000, 20), Buffer.alloc(900_000)];

const formats = {
  gzip: { pack: gzipSync, unpack: gunzipSync },
  deflate: { pack: deflateRawSync, unpack: inflateRawSync },
} as const;

for (const format of ['gzip', 'deflate'] as const) {
  const { pack, unpack } = formats[format];
  const expected = (stored: Buffer) => {
    try {
      return unpack(stored, { finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      return Buffer.alloc(0);
    }
  };

  it(`${format}: gives what a stream would, whatever came before it`, () => {
    for (const content of contents) {
      for (const size of [1, 10, 20, 512, 5000]) {
        const stored = pack(content).subarray(0, size);
        assert.deepEqual(inflatedHead(stored, format), expected(stored).subarray(0, 4096));
      }
    }
  });

  it(`${format}: gives nothing of what is damaged before as much is there`, () => {
    for (const at of [0, 1, 2, 9, 11, 12, 40]) {
      const stored = Buffer.from(pack(text(3000, 4)));
      stored[at] = (stored[at] ?? 0) ^ 0xff;
      const head = inflatedHead(stored, format);
      assert.ok(head.length === 0 || head.equals(expected(stored).subarray(0, 4096)), `byte ${at}`);
    }
  });

  it(`${format}: what it gave stays as it is`, () => {
    const first = inflatedHead(pack(text(100, 2)), format);
    const copy = Buffer.from(first);
    inflatedHead(pack(text(100, 9)), format);
    assert.deepEqual(first, copy);
  });
}
