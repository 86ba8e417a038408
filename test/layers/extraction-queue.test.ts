import assert from 'node:assert/strict';
import { it } from 'node:test';
import { LimitExceeded } from '../../src/errors.ts';
import { ExtractionQueue } from '../../src/layers/extraction-queue.ts';

it('a file of which nothing can be told is lost alone, and a bug ends the layer', async () => {
  const lost: string[] = [];
  const queue = new ExtractionQueue(async (elf) => {
    throw elf.length === 1 ? new LimitExceeded('too much') : new TypeError('a bug');
  });
  const start = (elf: Buffer) =>
    queue.start(
      elf,
      () => assert.fail('nothing is extracted'),
      ({ message }) => lost.push(message),
    );
  start(Buffer.alloc(1));
  await queue.finish();
  assert.deepEqual(lost, ['too much']);
  start(Buffer.alloc(2));
  await assert.rejects(() => queue.finish(), TypeError);
});
