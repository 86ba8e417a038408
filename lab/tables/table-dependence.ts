import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from '../../src/extraction/extract-facts.ts';
import { extractors } from '../../src/facts/index.ts';
import type { Rule } from '../../src/judge/rule.ts';
import { damageTable } from './damage-table.ts';
import { type TableName, tableNames, tablePlaces } from './table-places.ts';
import { tableReads } from './table-reads.ts';

/**
 * `needs`: without the table the fact is not known. `asks`: it is one witness of several, or of a detail; broken, it costs
 * its own evidence.
 */
export type Dependence = 'needs' | 'asks';

/** By table, then by fact. */
export type FactDependence = ReadonlyMap<TableName, ReadonlyMap<string, Dependence>>;

/** One of each way to link, with each table among them. */
const samples = [
  'x86_64-glibc-gcc-pie-debug',
  'x86_64-glibc-gcc-lib-bare',
  'x86_64-glibc-gcc-nopie-bare',
  'x86_64-glibc-gcc-pie-cxx',
  'x86_64-glibc-gcc-pie-recordedflags',
  'x86_64-none-gcc-lib-cet',
  'x86_64-glibc-gcc-object-hardened',
  'x86_64-musl-muslgcc-nopie-static',
  'arm-glibc-gcc-nopie-bare',
  'mips-glibc-gcc-nopie-bare',
  'x86_64-musl-gcc-loader',
];

/** Tables that no sample has, and that are read by what reads the other one, in the same pass. */
const alike: readonly (readonly [TableName, TableName])[] = [
  ['DT_RELR', 'DT_REL, DT_RELA'],
  ['DT_VERDEF', 'DT_VERNEED'],
];

/** Taken from what the extractors do with the samples: which bytes they read, and what they lose without a table. */
export function factDependence(folder: string): FactDependence {
  const found = new Map(tableNames.map((name) => [name, new Map<string, Dependence>()]));
  for (const sample of samples) {
    const buffer = readFileSync(join(folder, sample));
    for (const [fact, tables] of tableReads(buffer)) {
      for (const table of tables) {
        const facts = found.get(table);
        if (facts !== undefined && !facts.has(fact)) facts.set(fact, 'asks');
      }
    }
    for (const [table, fact] of losses(buffer)) found.get(table)?.set(fact, 'needs');
  }
  for (const [table, like] of alike) found.set(table, found.get(like) ?? new Map());
  return found;
}

/** What a rule is judged by: its needs, and what the judge settles before. */
export function ruleDependence(
  rule: Rule,
  facts: ReadonlyMap<string, Dependence>,
): Dependence | null {
  if (rule.judges === 'image') return null;
  const exempts = Object.keys(rule.exempt).length > 0;
  const used: readonly string[] = [
    ...rule.needs,
    'acceptance',
    'packer',
    ...(exempts ? ['kind'] : []),
  ];
  const found = used.map((name) => facts.get(name));
  return found.includes('needs') ? 'needs' : found.includes('asks') ? 'asks' : null;
}

function losses(buffer: Buffer): readonly (readonly [TableName, string])[] {
  const before = knownFacts(buffer);
  return tablePlaces(buffer).flatMap((place) =>
    (['filled', 'lost'] as const).flatMap((kind) => {
      const broken = damageTable(buffer, place, kind, 1);
      const after = broken === null ? before : knownFacts(broken);
      return [...before]
        .filter((fact) => !after.has(fact))
        .map((fact): [TableName, string] => [place.name, fact]);
    }),
  );
}

const everyFact: ReadonlySet<string> = new Set(Object.keys(extractors));

function knownFacts(buffer: Buffer): ReadonlySet<string> {
  const { facts: own, linking } = extract(buffer, everyFact);
  const facts = Object.entries({ ...own, linkage: linking, searchPath: linking });
  return new Set(facts.filter(([, { known }]) => known).map(([name]) => name));
}
