import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bufferAccess, type RandomAccess, withEnds } from '../../src/base/random-access.ts';

const bytes = Buffer.from(Array.from({ length: 100 }, (_, index) => index));

/** Records which reads get through to the file. */
function watched(content: Buffer) {
  const reads: string[] = [];
  const whole: RandomAccess = {
    ...bufferAccess(content),
    size: bytes.length,
    async read(offset, length) {
      reads.push(`${offset}+${length}`);
      return content.subarray(offset, offset + length);
    },
  };
  return { whole, reads };
}

it('any range is what the file has there, and its known ends are not read again', async () => {
  const { whole, reads } = watched(bytes);
  const known = withEnds(whole, bytes.subarray(0, 10), bytes.subarray(80), 80);
  for (const [offset, length] of [
    [0, 10],
    [3, 4],
    [80, 20],
    [95, 5],
    [95, 50],
    [100, 4],
  ] as const)
    assert.deepEqual(
      await known.read(offset, length),
      bytes.subarray(offset, offset + length),
      `${length} bytes at ${offset}`,
    );
  assert.deepEqual(reads, []);
  for (const [offset, length] of [
    [0, 11],
    [9, 2],
    [40, 5],
    [79, 21],
    [0, 100],
  ] as const)
    assert.deepEqual(
      await known.read(offset, length),
      bytes.subarray(offset, offset + length),
      `${length} bytes at ${offset}`,
    );
  assert.deepEqual(reads, ['0+11', '9+2', '40+5', '79+21', '0+100']);
});

it('the end of a file that was cut since has no bytes of another place', async () => {
  const { whole } = watched(bytes.subarray(0, 85));
  const tail = await whole.read(80, 20);
  const known = withEnds(whole, bytes.subarray(0, 10), tail, 80);
  assert.deepEqual(await known.read(82, 10), bytes.subarray(82, 85));
  assert.equal((await known.read(90, 5)).length, 0);
});
