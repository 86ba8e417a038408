import { existsSync, writeFileSync } from 'node:fs';
import { extract } from '../../../src/extract-facts.ts';
import type { Extraction } from '../../../src/extraction.ts';
import type { ExtractionTask } from '../../../src/extractor.ts';

/** Stands for the extractor's thread, and does what the file's content tells it: one word, and a path for `die-once`. */
export default function work({ memory, wanted }: ExtractionTask): Extraction {
  const [word = '', path = ''] = Buffer.from(memory).toString().split(' ');
  if (word === 'hang') for (;;);
  if (word === 'exhaust') exhaust();
  if (word === 'bug') throw new TypeError('x is not a function');
  if (word === 'die-once' && !existsSync(path)) {
    writeFileSync(path, '');
    exhaust();
  }
  return extract(Buffer.from(memory), wanted);
}

function exhaust(): void {
  const all: unknown[] = [];
  for (;;) all.push(Array.from({ length: 1000 }, () => ({})));
}
