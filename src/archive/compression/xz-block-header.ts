import { crc32 } from 'node:zlib';

/** A filter that stands in front of LZMA2 and is undone behind it. */
export interface CodeFilter {
  readonly id: number;
  /** Place of the first byte in the file that was compressed. */
  readonly start: number;
}

const lzma2 = 0x21;
/** Of two filters, and no sizes. */
const twoFilters = 1;
/** By the ids of the filters that branch-filter.ts undoes. */
const codeFilters: ReadonlySet<number> = new Set([4, 5, 7, 8, 9, 10]);

/** The filter in front of LZMA2 in the header of a block; null when there is none that is known. */
export function filterIn(head: Buffer): CodeFilter | null {
  const at = filtersAt(head);
  const [id = 0, properties = 0] = head.subarray(at);
  if (((head[1] ?? 0) & 3) !== twoFilters || !codeFilters.has(id)) return null;
  if (head[at + 2 + properties] !== lzma2 || (properties !== 0 && properties !== 4)) return null;
  return { id, start: properties === 4 ? head.readUInt32LE(at + 2) : 0 };
}

/** Two flags announce sizes before the filters, each with as many bytes as it needs. */
function filtersAt(head: Buffer): number {
  let at = 2;
  for (const bit of [0x40, 0x80]) {
    if (((head[1] ?? 0) & bit) === 0) continue;
    while ((head[at] ?? 0) >= 0x80) at += 1;
    at += 1;
  }
  return at;
}

/** LZMA2 alone, with its dictionary. */
export function plainBlockHeader(head: Buffer): Buffer {
  const at = filtersAt(head);
  const dictionary = head[at + 2 + (head[at + 1] ?? 0) + 2] ?? 0;
  const fields = Buffer.from([2, 0, lzma2, 1, dictionary, 0, 0, 0]);
  return Buffer.concat([fields, sumOf(fields)]);
}

/** CRC-32, as it stands behind headers and in the index. */
export function sumOf(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(bytes), 0);
  return sum;
}
