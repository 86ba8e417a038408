/**
 * Reads every ELF file below the given files and folders (default: /usr/bin /usr/lib) with this project's reader and
 * with GNU readelf, compares what both say, prints how much was compared and each difference, and exits with 1 if
 * there was one. Build first: `npx tsc -p .`, then `node dist/lab/compare-with-readelf.js [path ...]`.
 */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { DamagedInput } from '../src/base/errors.ts';
import { readElf } from '../src/elf/read-elf.ts';
import { bytesOf } from '../src/elf/reading/bytes.ts';
import { ownAnswers } from './readelf/own-answers.ts';
import { readelfAnswers } from './readelf/readelf-answers.ts';

/** What one reader says of one file: lines by field name. */
type Answers = ReadonlyMap<string, readonly string[]>;

/** Starting readelf costs more than what it does for a file. */
const filesPerRun = 200;

function main(paths: readonly string[]): number {
  const files = paths.flatMap(elfFilesBelow);
  const compared = new Map<string, number>();
  let differences = 0;
  for (let first = 0; first < files.length; first += filesPerRun) {
    const batch = files.slice(first, first + filesPerRun);
    const expected = readelfAnswers(batch);
    for (const file of batch) {
      const own = ownOrError(file);
      let found = compare(own, expected.get(file) ?? new Map());
      // readelf carries state from one file to the next: one that differs is asked alone.
      if (found.length > 0) found = compare(own, readelfAnswers([file]).get(file) ?? new Map());
      for (const line of found) console.log(`${file}: ${line}`);
      differences += found.length;
      for (const [field, values] of own)
        compared.set(field, (compared.get(field) ?? 0) + values.length);
    }
  }
  console.log(`${files.length} ELF files, ${differences} differences. Values compared:`);
  for (const [field, count] of compared) console.log(`  ${field}: ${count}`);
  return differences > 0 || files.length === 0 ? 1 : 0;
}

function ownOrError(file: string): Answers {
  try {
    return ownAnswers(readElf(bytesOf(readFileSync(file))));
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return new Map([['error', [error.message]]]);
  }
}

function compare(own: Answers, readelf: Answers): readonly string[] {
  const error = own.get('error');
  if (error !== undefined) return error.map((message) => `hullcheck calls it damaged: ${message}`);
  const fields = [...new Set([...own.keys(), ...readelf.keys()])];
  return fields.flatMap((field) => {
    const mine = own.get(field) ?? [];
    const theirs = readelf.get(field) ?? [];
    return [
      ...without(mine, theirs).map((value) => `${field}: only hullcheck says ${value}`),
      ...without(theirs, mine).map((value) => `${field}: only readelf says ${value}`),
    ];
  });
}

/** The values of `some` that `others` has not, or has less often. */
function without(some: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const value of others) left.set(value, (left.get(value) ?? 0) + 1);
  return some.filter((value) => {
    const count = left.get(value) ?? 0;
    left.set(value, count - 1);
    return count <= 0;
  });
}

function elfFilesBelow(path: string): readonly string[] {
  const kind = lstatSync(path);
  if (kind.isDirectory())
    return readdirSync(path)
      .sort()
      .flatMap((name) => elfFilesBelow(join(path, name)));
  return kind.isFile() && isElf(path) ? [path] : [];
}

function isElf(path: string): boolean {
  const file = openSync(path, 'r');
  const start = Buffer.alloc(4);
  const length = readSync(file, start);
  closeSync(file);
  return length === 4 && start.toString('latin1') === '\x7fELF';
}

const given = process.argv.slice(2);
process.exitCode = main(given.length > 0 ? given : ['/usr/bin', '/usr/lib']);
