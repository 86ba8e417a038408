// Breaks each table of real files in turn, and holds what rules then say against the table of docs/evidence.md: a rule that
// does not read the broken table keeps its verdict, and no verdict gets better.
//
//     node dist/lab/break-tables.js [--files 200] [--slice 1/4] [--seed 1] FOLDER...
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../test/support/repository.ts';
import { breakTables, type Tally } from './tables/break-tables.ts';
import { seededNumbers } from './tables/seeded-numbers.ts';
import { factDependence } from './tables/table-dependence.ts';
import { tableNames } from './tables/table-places.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: 'string', default: '200' },
    slice: { type: 'string', default: '1/1' },
    seed: { type: 'string', default: '1' },
    largest: { type: 'string', default: '1000000' },
  },
});

const dependence = factDependence(join(repositoryRoot, 'samples/elf'));
const files = chosenFiles(positionals, Number(values.files), Number(values.seed));
const [part = 1, parts = 1] = values.slice.split('/').map(Number);
const mine = files.filter((_, index) => index % parts === part - 1);
const tally: Tally = {
  runs: 0,
  verdicts: 0,
  kept: 0,
  undecided: 0,
  withheld: 0,
  refused: 0,
  broken: [],
};
const tables = new Set<string>();
for (const file of mine) breakTables(readFileSync(file), file, dependence, tally, tables);

console.log(
  `${mine.length} files, ${tables.size} of ${tableNames.length} kinds of table, ${tally.runs} broken files`,
);
console.log(
  `${tally.verdicts} verdicts: ${tally.kept} kept, ${tally.undecided} undecided by damage (of ${tally.withheld} failures), ${tally.refused} of files that nothing would start`,
);
console.log(`${tally.broken.length} changed that must not`);
for (const line of tally.broken.slice(0, 100)) console.log(`  ${line}`);
process.exitCode = tally.broken.length > 0 || mine.length === 0 ? 1 : 0;

/** Of equal numbers from each folder, by a fixed shuffle. */
function chosenFiles(folders: readonly string[], count: number, seed: number): readonly string[] {
  const each = Math.ceil(count / Math.max(1, folders.length));
  return folders.flatMap((folder) => {
    const random = seededNumbers(seed);
    const all = elfFiles(folder).map((file) => ({ file, order: random(2 ** 31) }));
    return all
      .sort((a, b) => a.order - b.order)
      .slice(0, each)
      .map(({ file }) => file);
  });
}

function elfFiles(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .filter(isElf);
}

function isElf(file: string): boolean {
  try {
    const { size } = statSync(file);
    if (size < 64 || size > Number(values.largest) || !statSync(file).isFile()) return false;
    return readFileSync(file).subarray(0, 4).toString('latin1') === '\x7fELF';
  } catch {
    // Broken links, and files of others.
    return false;
  }
}
