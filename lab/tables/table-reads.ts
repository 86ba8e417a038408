import { DamagedInput } from '../../src/base/errors.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { type Bytes, bytesFrom, bytesOf } from '../../src/elf/reading/bytes.ts';
import { extractors } from '../../src/facts/index.ts';
import { linkTables } from '../../src/facts/link-tables/link-tables.ts';
import { type Range, type TableName, type TablePlace, tablePlaces } from './table-places.ts';

/** Facts of the file, and those of its root that rest on what the file asks its loader for. */
const readers = { ...extractors, linkage: linkTables, searchPath: linkTables };

/** Which tables of a file each fact looks at, with all that it asks of other facts. */
export function tableReads(buffer: Buffer): ReadonlyMap<string, ReadonlySet<TableName>> {
  const places = tablePlaces(buffer);
  return new Map(
    Object.entries<(elf: Elf) => unknown>(readers).map(([name, extract]) => [
      name,
      readsOf(buffer, places, extract),
    ]),
  );
}

function readsOf(
  buffer: Buffer,
  places: readonly TablePlace[],
  extract: (elf: Elf) => unknown,
): ReadonlySet<TableName> {
  const looks: Range[] = [];
  const searches: Range[] = [];
  // A file of its own: what another fact has read is not read again.
  const elf = readElf(recording(bytesOf(buffer), looks, searches));
  try {
    extract(elf);
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
  }
  const found = new Set<TableName>();
  for (const { name, parts } of places) {
    const isRead = parts.some(
      (part) =>
        looks.some((look) => overlap(look, part) && !isSearch(look, places)) ||
        searches.some(({ offset }) => offset === part.offset),
    );
    if (isRead) found.add(name);
  }
  return found;
}

function recording(bytes: Bytes, looks: Range[], searches: Range[]): Bytes {
  return bytesFrom(
    bytes.size,
    (offset, size) => {
      looks.push({ offset, size });
      return bytes.read(offset, size);
    },
    (offset, size) => {
      searches.push({ offset, size });
      return bytes.glance(offset, size);
    },
  );
}

/** What holds several tables whole is looked through for something else, and none of them is read. */
function isSearch(look: Range, places: readonly TablePlace[]): boolean {
  const held = new Set(
    places
      .filter(({ parts }) => parts.some((part) => holds(look, part)))
      .map(({ parts }) => parts[0]?.offset),
  );
  return held.size > 2;
}

function holds(one: Range, other: Range): boolean {
  return one.offset <= other.offset && other.offset + other.size <= one.offset + one.size;
}

function overlap(one: Range, other: Range): boolean {
  return one.offset < other.offset + other.size && other.offset < one.offset + one.size;
}
