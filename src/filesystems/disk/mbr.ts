import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { readExactly } from '../exact-read.ts';
import type { Partition } from './partition.ts';

const sectorSize = 512;
const tablePlace = 446;
const entrySize = 16;

/** Types of partitions that hold others. */
const extended: ReadonlySet<number> = new Set([0x05, 0x0f, 0x85]);

/** Linux names no more (DISK_MAX_PARTS). */
const mostLogical = 256;

interface Entry {
  readonly type: number;
  /** In sectors. */
  readonly start: number;
  readonly length: number;
}

/** A table at the end of the first sector whose entries could be some, one of them at least in use. */
export function isMbr(head: Buffer): boolean {
  if (head.length < sectorSize || head.readUInt16LE(510) !== 0xaa55) return false;
  const marks = [0, 1, 2, 3].map((index) => head[tablePlace + entrySize * index] ?? 0);
  const used = entriesOf(head).filter(({ type }) => type !== 0);
  return (
    marks.every((mark) => mark === 0 || mark === 0x80) &&
    // One from sector 0 on is the image itself, of a disc that can be put on a stick.
    used.some(({ start }) => start > 0) &&
    used.every(({ length }) => length > 0)
  );
}

/** Throws MalformedInput, LimitExceeded. */
export async function readMbr(file: RandomAccess): Promise<readonly Partition[]> {
  const partitions: Partition[] = [];
  const outer = entriesOf(await readExactly(file, 0, sectorSize, 'table of partitions'));
  for (const [index, entry] of outer.entries()) {
    if (entry.type !== 0 && !extended.has(entry.type))
      partitions.push(partitionOf(entry, 0, index + 1));
  }
  const chain = outer.find(({ type }) => extended.has(type));
  if (chain !== undefined) partitions.push(...(await logical(file, chain.start)));
  return partitions;
}

/** Logical partitions are a chain: each table has one partition, counted from there, and the next, from the first. */
async function logical(file: RandomAccess, first: number): Promise<readonly Partition[]> {
  const partitions: Partition[] = [];
  const seen = new Set<number>();
  for (let at: number | null = first; at !== null; ) {
    if (seen.has(at))
      throw new MalformedInput(`the logical partitions form a loop at sector ${at}`);
    seen.add(at);
    if (seen.size > mostLogical)
      throw new LimitExceeded(`the disk has more than ${mostLogical} logical partitions`);
    const place = at;
    const table = await readExactly(
      file,
      at * sectorSize,
      sectorSize,
      'table of a logical partition',
    );
    if (table.readUInt16LE(510) !== 0xaa55)
      throw new MalformedInput(`no table of a logical partition is in sector ${at}`);
    const [own, next] = entriesOf(table);
    if (own !== undefined && own.type !== 0 && own.length > 0)
      partitions.push(partitionOf(own, place, 5 + partitions.length));
    at = next !== undefined && extended.has(next.type) ? first + next.start : null;
  }
  return partitions;
}

function entriesOf(sector: Buffer): readonly Entry[] {
  return [0, 1, 2, 3].map((index) => {
    const at = tablePlace + entrySize * index;
    return {
      type: sector[at + 4] ?? 0,
      start: sector.readUInt32LE(at + 8),
      length: sector.readUInt32LE(at + 12),
    };
  });
}

function partitionOf({ type, start, length }: Entry, base: number, number: number): Partition {
  return {
    name: `p${number}`,
    label: '',
    type: type.toString(16).padStart(2, '0'),
    offset: (base + start) * sectorSize,
    size: length * sectorSize,
  };
}
