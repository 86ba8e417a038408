import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { breakTables, type Tally } from '../../lab/tables/break-tables.ts';
import { damageKinds, damageTable } from '../../lab/tables/damage-table.ts';
import { factDependence, ruleDependence } from '../../lab/tables/table-dependence.ts';
import { type TableName, tableNames, tablePlaces } from '../../lab/tables/table-places.ts';
import { rules } from '../../rules/index.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = join(repositoryRoot, 'samples', 'elf');
const dependence = factDependence(folder);

/** Others than those that the table of dependence is made from, but for the first. */
const samples = [
  'x86_64-glibc-gcc-nopie-bare',
  'x86_64-glibc-gcc-pie-hardened',
  'x86_64-glibc-gcc-pie-ssp-none',
  'x86_64-glibc-gcc-pie-norelro',
  'x86_64-glibc-gcc-pie-cxx-none',
  'x86_64-musl-gcc-pie-alpine',
  'x86_64-musl-clang-pie-hardened',
  'i386-glibc-gcc-nopie-bare',
  'aarch64-glibc-gcc-pie-ssp-none',
  'riscv64-glibc-gcc-pie-hardened',
  's390x-glibc-gcc-nopie-bare',
  'mips-glibc-gcc-pie-hardened',
];

describe('one broken table costs what is read from it, and makes no verdict better', () => {
  for (const sample of samples) {
    it(sample, () => {
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
      breakTables(readFileSync(join(folder, sample)), sample, dependence, tally, tables);
      assert.ok(tables.size >= 12, [...tables].join());
      assert.deepEqual(tally.broken, []);
    });
  }
});

describe('tables of the samples', () => {
  const buffer = readFileSync(join(folder, 'x86_64-glibc-gcc-pie-debug'));
  const places = tablePlaces(buffer);

  it('are changed by each kind of damage, and nothing else is by those that overwrite', () => {
    for (const place of places) {
      for (const kind of damageKinds) {
        const broken = damageTable(buffer, place, kind, 1);
        if (broken === null) continue;
        const changed = [...broken.keys()].filter((at) => broken[at] !== buffer[at]);
        assert.ok(changed.length > 0, `${place.name} ${kind}`);
        if (kind === 'lost' || kind === 'oversized') continue;
        const isInside = (at: number) =>
          place.parts.some(({ offset, size }) => at >= offset && at < offset + size);
        assert.ok(changed.every(isInside), `${place.name} ${kind}`);
      }
    }
  });

  it('do not overlap, but for those that are a part of another one', () => {
    const parts: readonly TableName[] = ['GNU property', 'build ID'];
    const apart = places.filter(({ name }) => !parts.includes(name)).flatMap((one) => one.parts);
    const sorted = apart.toSorted((a, b) => a.offset - b.offset);
    for (const [index, { offset, size }] of sorted.entries()) {
      assert.ok((sorted[index + 1]?.offset ?? Number.POSITIVE_INFINITY) >= offset + size);
    }
  });

  it('each have their dependence', () => {
    assert.deepEqual([...dependence.keys()], [...tableNames]);
  });
});

describe('the dependence of rules is what the extractors read', () => {
  const of = (id: string, table: TableName) => {
    const rule = rules.find((one) => one.id === id) ?? assert.fail(id);
    return ruleDependence(rule, dependence.get(table) ?? new Map());
  };
  it('relro cannot do without relocations', () => assert.equal(of('relro', 'DT_JMPREL'), 'needs'));
  it('pie asks notes and needs none', () => assert.equal(of('pie', 'notes'), 'asks'));
  it('pie never looks at .comment', () => assert.equal(of('pie', '.comment'), null));
  it('pie needs relocations, which count the symbols that distinguish a loader from a program', () =>
    assert.equal(of('pie', 'DT_JMPREL'), 'asks'));
});
