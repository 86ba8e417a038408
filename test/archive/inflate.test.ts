import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { inflate } from '../../src/archive/compression/inflate.ts';
import { MalformedInput } from '../../src/base/errors.ts';
import { collect, piecesOf } from '../support/archives/walks.ts';
import { randomNumbers } from '../support/random.ts';

// What Node's zlib streams give away is not their public interface: here it shows when that changes.

const random = randomNumbers(17);
const text = Buffer.from(Array.from({ length: 300_000 }, () => 97 + random(6)));
const members = Buffer.concat([
  gzipSync(text),
  gzipSync('second'),
  gzipSync(''),
  Buffer.alloc(700),
]);

for (const size of [1, 7, 4096, 65_536, members.length]) {
  test(`members and zeros, in pieces of ${size} bytes`, async () => {
    const content = await collect(inflate(piecesOf(members, size), 'gzip'));
    assert.deepEqual(content, Buffer.concat([text, Buffer.from('second')]));
  });

  test(`a rest behind deflated content, in pieces of ${size} bytes`, async () => {
    const stored = Buffer.concat([deflateRawSync(text), Buffer.from('the rest')]);
    const given: Buffer[] = [];
    let rest = Buffer.alloc(0);
    async function* pieces() {
      for await (const piece of piecesOf(stored, size)) {
        given.push(piece);
        yield piece;
      }
    }
    const content = await collect(
      inflate(pieces(), 'deflate', (behind) => {
        rest = Buffer.from(behind);
      }),
    );
    assert.deepEqual(content, text);
    const taken = Buffer.concat(given).length - rest.length;
    assert.deepEqual(stored.subarray(taken).toString(), 'the rest');
  });
}

test('every cut is damage, after what could be inflated', async () => {
  const stored = gzipSync(text.subarray(0, 2000));
  for (let size = 0; size < stored.length; size += 1) {
    let seen = 0;
    const reading = async () => {
      for await (const piece of inflate(piecesOf(stored.subarray(0, size), 64), 'gzip'))
        seen += piece.length;
    };
    await assert.rejects(reading, (error: unknown) => {
      assert.ok(error instanceof MalformedInput);
      const said = `gzip stream is damaged after ${seen} bytes of content: unexpected end of file`;
      return error.message === said;
    });
  }
});

test('what is wrong is reported in the words of zlib', async () => {
  const stored = gzipSync(text);
  stored.writeUInt32LE(1, stored.length - 8);
  await assert.rejects(collect(inflate(piecesOf(stored, 1000), 'gzip')), {
    name: 'MalformedInput',
    message: /^gzip stream is damaged after \d+ bytes of content: incorrect data check$/,
  });
});

test('others have their turn while much comes out of little', async () => {
  const bomb = gzipSync(Buffer.alloc(40_000_000));
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 0);
  let size = 0;
  for await (const piece of inflate(piecesOf(bomb, bomb.length), 'gzip')) size += piece.length;
  clearInterval(timer);
  assert.equal(size, 40_000_000);
  assert.ok(turns > 3, `${turns} turns`);
});
