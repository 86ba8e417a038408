import { MalformedElf } from '../errors.ts';
import type { Budget } from './budget.ts';
import { isLittleEndian, type Layout, viewOf } from './layout.ts';
import type { ElfSymbol, VersionNeed } from './model.ts';
import { hex } from './narrow.ts';
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
  /** The definition that names the file itself; no symbol can ask for it. */
  readonly isBase: boolean;
}

/** What a record weighs once decoded, beside its names. */
const decodedSize = 64;
const VER_FLG_BASE = 1;
const VER_FLG_WEAK = 2;

export function readVersionNeeds(
  table: Buffer,
  layout: Layout,
  names: StringTable,
  budget: Budget,
): readonly IndexedNeed[] {
  const view = viewOf(table);
  const little = isLittleEndian(layout);
  const recordSize = 16;
  return chain(view, 0, recordSize, 12, little, budget, 'DT_VERNEED', (at) => {
    const first = at + view.getUint32(at + 8, little);
    const empty = view.getUint16(at + 2, little) === 0;
    const versions = empty
      ? []
      : chain(view, first, recordSize, 12, little, budget, 'DT_VERNEED', (auxiliary) => ({
          index: view.getUint16(auxiliary + 6, little) & 0x7fff,
          name: names.at(view.getUint32(auxiliary + 8, little)),
          weak: (view.getUint16(auxiliary + 4, little) & VER_FLG_WEAK) !== 0,
        }));
    return { library: names.at(view.getUint32(at + 4, little)), versions };
  });
}

export function readVersionDefinitions(
  table: Buffer,
  layout: Layout,
  names: StringTable,
  budget: Budget,
): readonly IndexedDefinition[] {
  const view = viewOf(table);
  const little = isLittleEndian(layout);
  return chain(view, 0, 20, 16, little, budget, 'DT_VERDEF', (at) => {
    // The first name is the version; the following ones are those it inherits from.
    const name = at + view.getUint32(at + 12, little);
    demand(view, name, 8, 'DT_VERDEF');
    return {
      index: view.getUint16(at + 4, little) & 0x7fff,
      name: names.at(view.getUint32(name, little)),
      isBase: (view.getUint16(at + 2, little) & VER_FLG_BASE) !== 0,
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

/** Version by index, as DT_VERSYM names it. Needs and definitions number their versions from one sequence. */
export function versionsByIndex(
  needs: readonly IndexedNeed[],
  definitions: readonly IndexedDefinition[],
): ReadonlyMap<number, NonNullable<ElfSymbol['version']>> {
  const versions = new Map<number, NonNullable<ElfSymbol['version']>>();
  for (const { index, name, isBase } of definitions) {
    if (!isBase) versions.set(index, { name, library: null });
  }
  for (const { library, versions: needed } of needs) {
    for (const { index, name } of needed) versions.set(index, { name, library });
  }
  return versions;
}

/**
 * Records from `start`, each with the distance to the next one in its 32-bit field at `nextField`, to the one
 * where it is 0, as glibc walks them (it does not ask DT_VERNEEDNUM or vn_cnt). Distances are unsigned, so a
 * chain always moves on and ends with the table at the latest.
 */
function chain<T>(
  view: DataView,
  start: number,
  recordSize: number,
  nextField: number,
  little: boolean,
  budget: Budget,
  title: string,
  decode: (at: number) => T,
): readonly T[] {
  const records: T[] = [];
  for (let at = start; ; ) {
    demand(view, at, recordSize, title);
    budget.spend(decodedSize);
    records.push(decode(at));
    const next = view.getUint32(at + nextField, little);
    if (next === 0) return records;
    at += next;
  }
}

function demand(view: DataView, at: number, length: number, title: string): void {
  if (at + length > view.byteLength) {
    throw new MalformedElf(
      `a record of ${title} is at offset ${hex(at)}, but the segment ends at ${hex(view.byteLength)}`,
    );
  }
}
