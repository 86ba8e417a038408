import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as breathe } from 'node:timers/promises';
import { LimitExceeded } from '../../../src/base/errors.ts';
import { extract } from '../../../src/extraction/extract-facts.ts';
import { ExtractionQueue } from '../../../src/layers/building/extraction-queue.ts';
import { bytesOfElf, contentOf } from '../../support/elf/elf-content.ts';

it('a file of which nothing is known is lost alone, and a bug ends the layer', async () => {
  const lost: string[] = [];
  const queue = new ExtractionQueue(async ({ bytes }) => {
    throw bytes.size === 1 ? new LimitExceeded('too much') : new TypeError('a bug');
  });
  const start = (size: number) =>
    queue.start(
      contentOf(Buffer.alloc(size)),
      () => assert.fail('nothing is extracted'),
      ({ message }) => lost.push(message),
    );
  await start(1);
  await queue.finish();
  assert.deepEqual(lost, ['too much']);
  await start(2);
  await assert.rejects(() => queue.finish(), TypeError);
});

it('files are released when their facts are known, and at most 64 wait for them', async () => {
  let held = 0;
  let most = 0;
  const queue = new ExtractionQueue(async (elf) => {
    await breathe();
    return extract(bytesOfElf(elf), new Set());
  });
  for (let index = 0; index < 1000; index += 1) {
    held += 1;
    most = Math.max(most, held);
    const release = () => {
      held -= 1;
    };
    await queue.start(
      { ...contentOf(Buffer.of(index & 0xff)), release },
      () => {},
      () => {},
    );
  }
  await queue.finish();
  assert.equal(held, 0);
  assert.equal(most, 64);
});
