import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FileMemory } from '../../../src/layers/content/file-memory.ts';
import { randomNumbers } from '../../support/random.ts';

const mebibyte = 1024 * 1024;

function overlap(one: Buffer, other: Buffer): boolean {
  const [first, second] = one.byteOffset < other.byteOffset ? [one, other] : [other, one];
  return first.byteOffset + first.length > second.byteOffset;
}

describe('memory for files', () => {
  it('has exactly the size that was requested, and is used again', async () => {
    const memory = new FileMemory();
    const first = await memory.take(100_000);
    assert.equal(first.length, 100_000);
    memory.release(first);
    const second = await memory.take(120_000);
    assert.equal(second.length, 120_000);
    assert.equal(second.buffer, first.buffer);
    assert.equal(second.byteOffset, first.byteOffset);
  });

  it('is not given twice at a time, in whatever order it comes back', async () => {
    const memory = new FileMemory();
    const random = randomNumbers(7);
    const inUse: Buffer[] = [];
    for (let step = 0; step < 2000; step += 1) {
      const next = inUse.length < 16 ? await memory.take(random(mebibyte)) : null;
      if (next !== null) {
        assert.ok(inUse.every((other) => !overlap(next, other)));
        inUse.push(next);
      }
      const [done] = random(2) === 0 ? inUse.splice(random(inUse.length), 1) : [];
      if (done !== undefined) memory.release(done);
    }
    for (const buffer of inUse) memory.release(buffer);
    assert.equal((await memory.take(16 * mebibyte)).length, 16 * mebibyte);
  });

  it('makes a file wait while 16 MiB are in use, and lets a larger one go alone', async () => {
    const memory = new FileMemory();
    const first = await memory.take(14 * mebibyte);
    let isThere = false;
    const second = memory.take(100 * mebibyte).then((buffer) => {
      isThere = true;
      return buffer;
    });
    await setImmediate();
    assert.equal(isThere, false);
    memory.release(first);
    assert.equal((await second).length, 100 * mebibyte);
  });

  it('serves files in the order in which they come', async () => {
    const memory = new FileMemory();
    const order: string[] = [];
    const first = await memory.take(14 * mebibyte);
    const large = memory.take(100 * mebibyte).then((buffer) => {
      order.push('large');
      return buffer;
    });
    const small = memory.take(1).then(() => order.push('small'));
    memory.release(first);
    memory.release(await large);
    await small;
    assert.deepEqual(order, ['large', 'small']);
  });

  it('serves sizes that change', async () => {
    const memory = new FileMemory();
    for (let size = 1; size < 40 * mebibyte; size *= 2) memory.release(await memory.take(size));
    assert.equal((await memory.take(0)).length, 0);
  });
});
