import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decompress } from '../../src/archive/decompress.ts';
import { lentPieces, openFile } from '../../src/sources/bytes/open-file.ts';
import { collect } from '../support/archives/walks.ts';
import { randomNumbers } from '../support/random.ts';

const folder = mkdtempSync(join(tmpdir(), 'lent-pieces-test-'));
after(() => rmSync(folder, { recursive: true }));

const random = randomNumbers(5);
const content = Buffer.from(Array.from({ length: 150_000 }, () => random(256)));
const path = join(folder, 'file');
writeFileSync(
  path,
  Buffer.concat([Buffer.from('before'), gzipSync(content), Buffer.from('behind')]),
);
const stored = gzipSync(content).length;

it('a range comes whole, in one and the same memory', async () => {
  const file = openFile(path, 'refuse');
  const { descriptor, release } = file.hold();
  const memories = new Set<ArrayBufferLike>();
  let size = 0;
  for await (const piece of lentPieces({ descriptor, offset: 6, length: stored })) {
    memories.add(piece.buffer);
    size += piece.length;
  }
  assert.deepEqual({ size, memories: memories.size }, { size: stored, memories: 1 });
  release();
  file.close();
});

/** As if the next piece came at once: what was given before is no more. */
async function* wiped(pieces: AsyncIterable<Buffer>, size: number): AsyncIterable<Buffer> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += size) {
      const part = Buffer.from(piece.subarray(at, at + size));
      yield part;
      part.fill(0xdb);
    }
  }
}

for (const size of [1, 5, 100, 65_536]) {
  it(`gzip is done with a piece before it requests the next one: ${size} bytes`, async () => {
    const file = openFile(path, 'refuse');
    const held = { ...file.hold(), offset: 6, length: stored };
    assert.deepEqual(await collect(decompress(wiped(lentPieces(held), size))), content);
    held.release();
    file.close();
  });
}

it('a file that was cut ends there', async () => {
  const file = openFile(path, 'refuse');
  const held = { ...file.hold(), length: 10_000_000 };
  let size = 0;
  for await (const piece of lentPieces(held)) size += piece.length;
  assert.equal(size, file.size);
  held.release();
  file.close();
});
