import type { Layout } from '../../../src/elf/reading/layout.ts';
import { type NameTable, pack } from './elf-encoding.ts';
import type { SymbolDescription } from './elf-tables.ts';

/** DT_VERSYM, DT_VERNEED and DT_VERDEF for the versions that `symbols` name; empty buffers when they name none. */
export interface VersionTables {
  readonly versym: Buffer;
  readonly needs: Buffer;
  readonly definitions: Buffer;
}

export function versionTables(
  layout: Layout,
  symbols: readonly SymbolDescription[],
  names: NameTable,
): VersionTables {
  const empty = Buffer.of();
  const indexes = new Map<string, number>();
  const needed = new Map<string, string[]>();
  const defined: string[] = [];
  for (const symbol of symbols) {
    const key = versionKey(symbol);
    if (key === null || indexes.has(key) || symbol.version === undefined) continue;
    indexes.set(key, indexes.size + 2);
    if (symbol.library === undefined) defined.push(symbol.version);
    else needed.set(symbol.library, [...(needed.get(symbol.library) ?? []), symbol.version]);
  }
  if (indexes.size === 0) return { versym: empty, needs: empty, definitions: empty };
  const ofSymbols = symbols.map((symbol) => indexes.get(versionKey(symbol) ?? '') ?? 1);
  return {
    versym: pack(layout, 'H'.repeat(symbols.length + 1), 0, ...ofSymbols),
    needs: needTable(layout, [...needed], indexes, names),
    definitions: definitionTable(layout, defined, indexes, names),
  };
}

function versionKey({ version, library }: SymbolDescription): string | null {
  return version === undefined ? null : `${library ?? ''}\0${version}`;
}

function needTable(
  layout: Layout,
  needed: readonly (readonly [library: string, versions: readonly string[]])[],
  indexes: ReadonlyMap<string, number>,
  names: NameTable,
): Buffer {
  return Buffer.concat(
    needed.flatMap(([library, versions], at) => {
      const next = at + 1 < needed.length ? 16 * (versions.length + 1) : 0;
      return [
        pack(layout, 'HHIII', 1, versions.length, names.offsetOf(library), 16, next),
        ...versions.map((version, index) => {
          const other = indexes.get(`${library}\0${version}`) ?? 0;
          const nextAuxiliary = index + 1 < versions.length ? 16 : 0;
          return pack(layout, 'IHHII', 0, 0, other, names.offsetOf(version), nextAuxiliary);
        }),
      ];
    }),
  );
}

function definitionTable(
  layout: Layout,
  defined: readonly string[],
  indexes: ReadonlyMap<string, number>,
  names: NameTable,
): Buffer {
  return Buffer.concat(
    defined.flatMap((version, at) => {
      const next = at + 1 < defined.length ? 28 : 0;
      const index = indexes.get(`\0${version}`) ?? 0;
      return [
        pack(layout, 'HHHHIII', 1, 0, index, 1, 0, 20, next),
        pack(layout, 'II', names.offsetOf(version), 0),
      ];
    }),
  );
}
