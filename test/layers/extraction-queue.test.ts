import assert from 'node:assert/strict';
import { it } from 'node:test';
import { LimitExceeded } from '../../src/errors.ts';
import { ExtractionQueue } from '../../src/layers/extraction-queue.ts';
import { FileMemory } from '../../src/layers/file-memory.ts';

it('a file of which nothing can be told is lost alone, and a bug ends the layer', async () => {
  const lost: string[] = [];
  const memory = new FileMemory();
  const queue = new ExtractionQueue(async (elf) => {
    throw elf.length === 1 ? new LimitExceeded('too much') : new TypeError('a bug');
  }, memory);
  const start = (elf: Buffer) =>
    queue.start(
      elf,
      () => assert.fail('nothing is extracted'),
      ({ message }) => lost.push(message),
    );
  start(await memory.take(1));
  await queue.finish();
  assert.deepEqual(lost, ['too much']);
  start(await memory.take(2));
  await assert.rejects(() => queue.finish(), TypeError);
});
