import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../test/support/repository.ts';
import type { Ending } from './compare-verdict.ts';
import type { RuntimeName } from './run-image.ts';

/** What became of one image, by runtime. */
export type Recorded = Readonly<Partial<Record<RuntimeName, Ending>>>;

const place = join(repositoryRoot, 'lab/entrypoints/recorded.json');

/** By `base: name of the case`. */
export function readRecord(): Readonly<Record<string, Recorded>> {
  return JSON.parse(readFileSync(place, 'utf8'));
}

export function writeRecord(record: Readonly<Record<string, Recorded>>): void {
  const lines = Object.entries(record).map(
    ([key, ends]) => `  ${JSON.stringify(key)}: ${JSON.stringify(ends)}`,
  );
  writeFileSync(place, `{\n${lines.join(',\n')}\n}\n`);
}
