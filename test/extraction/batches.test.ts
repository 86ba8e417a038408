import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { inBatches } from '../../src/extraction/batches.ts';

interface File {
  readonly name: string;
  readonly length: number;
}

const file = (name: string, length = 1000): File => ({ name, length });

/** Runs files whose names are not `bad`, and keeps account of what was handed over. */
function bench(threads: number) {
  const handedOver: string[][] = [];
  let running = 0;
  let most = 0;
  const submit = inBatches<File, string>(
    () => threads,
    ({ length }) => length,
    async (files) => {
      handedOver.push(files.map(({ name }) => name));
      running += 1;
      most = Math.max(most, running);
      await setImmediate();
      running -= 1;
      if (files.some(({ name }) => name === 'bad')) throw new Error('bad');
      return files.map(({ name }) => name.toUpperCase());
    },
  );
  return { submit, handedOver, most: () => most };
}

describe('files handed over in batches', () => {
  it('do not wait for others, and go together while they wait', async () => {
    const { submit, handedOver } = bench(1);
    const results = await Promise.all(['a', 'b', 'c'].map((name) => submit(file(name))));
    assert.deepEqual(results, ['A', 'B', 'C']);
    assert.deepEqual(handedOver, [['a'], ['b', 'c']]);
  });

  it('go alone when they are large', async () => {
    const { submit, handedOver } = bench(1);
    const files = [file('a'), file('b'), file('large', 2e6), file('c'), file('d')];
    await Promise.all(files.map(submit));
    assert.deepEqual(handedOver, [['a'], ['b'], ['large'], ['c', 'd']]);
  });

  it('count by what they cost, not by their size', async () => {
    const handedOver: number[] = [];
    const submit = inBatches<File, string>(
      () => 1,
      ({ name, length }) => (name === 'known' ? length / 8 : length),
      async (files) => {
        handedOver.push(files.length);
        return files.map(({ name }) => name);
      },
    );
    await Promise.all(Array.from({ length: 9 }, () => submit(file('known', 1e6))));
    await Promise.all(Array.from({ length: 3 }, () => submit(file('other', 1e6))));
    assert.deepEqual(handedOver, [1, 8, 1, 1, 1]);
  });

  it('are at most 32, and as many batches at a time as there are threads', async () => {
    const { submit, handedOver, most } = bench(2);
    await Promise.all(Array.from({ length: 100 }, (_, index) => submit(file(`f${index}`))));
    assert.equal(Math.max(...handedOver.map((names) => names.length)), 32);
    assert.equal(handedOver.flat().length, 100);
    assert.equal(most(), 2);
  });

  it('cost no other file when one fails', async () => {
    const { submit, handedOver } = bench(1);
    const names = ['first', 'a', 'bad', 'b'];
    const results = await Promise.allSettled(names.map((name) => submit(file(name))));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(handedOver, [['first'], ['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
  });
});
