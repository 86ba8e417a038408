import { existsSync, writeFileSync } from 'node:fs';
import {
  extractPlaced,
  type Outcome,
  type PlacedFile,
} from '../../../src/extraction/extract-placed.ts';
import type { ExtractionTask } from '../../../src/extraction/extractor.ts';

/**
 * Stands for the extractor's thread, and does what the file's content says: one word, and a path for `die-once`, MiB
 * of heap for `need` or milliseconds for `sleep`.
 */
export default function work({ files, wanted, links, limits }: ExtractionTask): Outcome[] {
  for (const file of files) workOn(file);
  return files.map((file) => extractPlaced(file, wanted, limits, links));
}

function workOn(file: PlacedFile): void {
  if (file.kind !== 'memory') throw new RangeError('the file is not in memory');
  const [word = '', path = ''] = Buffer.from(file.memory).toString().split(' ');
  if (word === 'hang') for (;;);
  if (word === 'sleep') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(path));
  if (word === 'exhaust') exhaust();
  if (word === 'need') take(Number(path));
  if (word === 'bug') throw new TypeError('x is not a function');
  if (word === 'die-once' && !existsSync(path)) {
    writeFileSync(path, '');
    exhaust();
  }
}

function exhaust(): void {
  const all: unknown[] = [];
  for (;;) all.push(Array.from({ length: 1000 }, () => ({})));
}

/** A number that is not a small integer takes 8 bytes of an array. */
function take(mebibytes: number): void {
  const all = Array.from({ length: mebibytes }, () => new Array(131072).fill(0.5));
  if (all.length !== mebibytes) throw new RangeError(`took ${all.length} MiB`);
}
