import { MalformedElf } from '../../base/errors.ts';
import type { Bytes } from '../reading/bytes.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { isLittleEndian, type Layout } from '../reading/layout.ts';
import { hex } from '../reading/narrow.ts';
import { TableWindow } from '../reading/table-window.ts';
import type { SymbolVersion, VersionNeed } from '../records.ts';
import type { StringTable } from './string-table.ts';

/** DT_VERNEED and DT_VERDEF: linked lists of records with linked lists of names, the same in both classes. */

/** A name and the index by which DT_VERSYM refers to it. */
interface IndexedVersion {
  readonly index: number;
  readonly name: string;
  readonly weak: boolean;
}

export interface IndexedNeed {
  readonly library: string;
  readonly versions: readonly IndexedVersion[];
}

export interface IndexedDefinition {
  readonly index: number;
  readonly name: string;
  /** The definition that names the file itself; no symbol can have it. */
  readonly isBase: boolean;
}

/** What a record weighs once decoded, without its names. */
const decodedSize = 64;
const VER_FLG_BASE = 1;
const VER_FLG_WEAK = 2;

export function readVersionNeeds(
  table: Bytes,
  layout: Layout,
  names: StringTable,
  budget: Budget,
): readonly IndexedNeed[] {
  const records = recordsOf(table, layout, budget, 'DT_VERNEED');
  const list = { size: 16, next: 12 };
  return chain(records, list, 0, (at) => ({
    library: names.at(records.u32(at + 4)),
    versions:
      records.u16(at + 2) === 0
        ? []
        : chain(records, list, at + records.u32(at + 8), (auxiliary) => ({
            index: records.u16(auxiliary + 6) & 0x7fff,
            name: names.at(records.u32(auxiliary + 8)),
            weak: (records.u16(auxiliary + 4) & VER_FLG_WEAK) !== 0,
          })),
  }));
}

export function readVersionDefinitions(
  table: Bytes,
  layout: Layout,
  names: StringTable,
  budget: Budget,
): readonly IndexedDefinition[] {
  const records = recordsOf(table, layout, budget, 'DT_VERDEF');
  return chain(records, { size: 20, next: 16 }, 0, (at) => {
    // The first name is the version; the following ones are those it inherits from.
    const name = at + records.u32(at + 12);
    records.demand(name, 8);
    return {
      index: records.u16(at + 4) & 0x7fff,
      name: names.at(records.u32(name)),
      isBase: (records.u16(at + 2) & VER_FLG_BASE) !== 0,
    };
  });
}

/** The contract's view of the needs: without indexes. */
export function withoutIndexes(needs: readonly IndexedNeed[]): readonly VersionNeed[] {
  return needs.map(({ library, versions }) => ({
    library,
    versions: versions.map(({ name, weak }) => ({ name, weak })),
  }));
}

export type VersionsByIndex = ReadonlyMap<number, SymbolVersion>;

/** Bit 15 of what DT_VERSYM holds for a symbol: it is hidden. */
export const hiddenVersion = 0x8000;

/**
 * Version by index, as DT_VERSYM names it, and by index and the bit for hidden ones. Needs and definitions number their
 * versions from one sequence.
 */
export function versionsByIndex(
  needs: readonly IndexedNeed[],
  definitions: readonly IndexedDefinition[],
): VersionsByIndex {
  const versions = new Map<number, SymbolVersion>();
  const add = (index: number, name: string, library: string | null) => {
    versions.set(index, { name, library, isHidden: false });
    versions.set(index | hiddenVersion, { name, library, isHidden: true });
  };
  for (const { index, name, isBase } of definitions) if (!isBase) add(index, name, null);
  for (const { library, versions: needed } of needs) {
    for (const { index, name } of needed) add(index, name, library);
  }
  return versions;
}

/** The bytes of a linked table. */
interface Records {
  u16(at: number): number;
  u32(at: number): number;
  /** Throws MalformedElf unless there are `length` bytes at `at`, and spends budget for a record there. */
  demand(at: number, length: number): void;
}

function recordsOf(table: Bytes, layout: Layout, budget: Budget, title: string): Records {
  const little = isLittleEndian(layout);
  const near = new TableWindow(table);
  return {
    u16(at) {
      const place = near.place(at, 2);
      return near.view.getUint16(place, little);
    },
    u32(at) {
      const place = near.place(at, 4);
      return near.view.getUint32(place, little);
    },
    demand(at, length) {
      if (at + length > table.size) {
        throw new MalformedElf(
          `a record of ${title} is at offset ${hex(at)}, but the segment ends at ${hex(table.size)}`,
        );
      }
      budget.spend(decodedSize);
    },
  };
}

/**
 * Records of `size` bytes from `start`, each with the distance to the next one in its 32-bit field at `next`, up to
 * the one where it is 0, as glibc walks them (it asks neither DT_VERNEEDNUM nor vn_cnt). Distances are unsigned, so
 * a chain always moves on and ends with the table at the latest.
 */
function chain<T>(
  records: Records,
  { size, next }: { readonly size: number; readonly next: number },
  start: number,
  decode: (at: number) => T,
): readonly T[] {
  const found: T[] = [];
  for (let at = start; ; ) {
    records.demand(at, size);
    found.push(decode(at));
    const distance = records.u32(at + next);
    if (distance === 0) return found;
    at += distance;
  }
}
