import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FileMemory } from '../../src/layers/file-memory.ts';

const mebibyte = 1024 * 1024;

describe('memory for files', () => {
  it('has exactly the size that was asked for, and is used again', async () => {
    const memory = new FileMemory();
    const first = await memory.take(100_000);
    assert.equal(first.length, 100_000);
    memory.release(first);
    const second = await memory.take(120_000);
    assert.equal(second.length, 120_000);
    assert.equal(second.buffer, first.buffer);
  });

  it('is not given twice at a time', async () => {
    const memory = new FileMemory();
    const [first, second] = [await memory.take(10), await memory.take(10)];
    assert.notEqual(first.buffer, second.buffer);
  });

  it('makes a file wait while 64 MiB are in use, and lets a larger one go alone', async () => {
    const memory = new FileMemory();
    const first = await memory.take(60 * mebibyte);
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

  it('serves sizes that change', async () => {
    const memory = new FileMemory();
    for (let size = 1; size < 40 * mebibyte; size *= 2) memory.release(await memory.take(size));
    assert.equal((await memory.take(0)).length, 0);
  });
});
