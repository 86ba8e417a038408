import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { LimitExceeded } from '../../src/base/errors.ts';
import { SHT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesFrom, bytesOf } from '../../src/elf/reading/bytes.ts';
import { budgetFor } from '../../src/elf/reading/decoding-budget.ts';
import { buildElf } from '../support/elf/elf-builder.ts';

/** Heap that no file of this test may exceed; the names of the first one would fill 10 GB. */
const heapMegabytes = 128;

/** 20,000 symbols whose names are 500 KB each, and share one string. */
function sharedNames(): void {
  const symbols = Array.from({ length: 20_000 }, () => ({ name: '', defined: true }));
  const built = buildElf({ symbols, needed: ['x'.repeat(500_000)], hash: 'sysv' });
  const name = built.buffer.indexOf('xxxx') - built.region('strings').offset;
  const { offset } = built.region('symbols');
  symbols.forEach((_, index) => {
    built.buffer.writeUInt32LE(name + (index % 1000), offset + (index + 1) * 24);
  });
  assert.throws(() => built.elf.dynamicSymbols, LimitExceeded);
}

/** 10 million symbols, and a file that has the bytes for them. */
function manySymbols(): void {
  const size = 240_000_000;
  const built = buildElf({ staticSymbols: [{ name: 'main' }] });
  const headers = built.region('section headers');
  const index = built.elf.sections.findIndex(({ type }) => type === SHT.SYMTAB);
  const at = headers.offset + index * 64;
  built.buffer.writeBigUInt64LE(BigInt(built.buffer.length), at + 24);
  built.buffer.writeBigUInt64LE(BigInt(size), at + 32);
  const start = bytesOf(built.buffer);
  const bytes = bytesFrom(built.buffer.length + size, (offset, length) =>
    offset < start.size ? start.read(offset, length) : Buffer.alloc(length),
  );
  assert.throws(() => readElf(bytes).staticSymbols, LimitExceeded);
}

const attacks = [sharedNames, manySymbols];

if (isMainThread) {
  test('the budget is 16 times the size of the file, at least 1 MiB and at most 1 GiB', () => {
    for (const { size, want } of [
      { size: 10, want: 1024 ** 2 },
      { size: 1024 ** 2, want: 16 * 1024 ** 2 },
      { size: 1024 ** 3, want: 1024 ** 3 },
    ]) {
      const budget = budgetFor(size);
      budget.spend(want);
      assert.throws(() => budget.spend(1), LimitExceeded);
    }
  });

  attacks.forEach(({ name }, index) => {
    test(`${name} ends within ${heapMegabytes} MB of heap`, { timeout: 300_000 }, async () => {
      assert.equal(await inSmallHeap(index), 'ended');
    });
  });
} else {
  parentPort?.once('message', (index: number) => {
    attacks[index]?.();
    parentPort?.postMessage('ended');
  });
}

/** Running out of memory, and any other error, rejects. */
function inSmallHeap(index: number): Promise<unknown> {
  const worker = new Worker(new URL(import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  worker.postMessage(index);
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
