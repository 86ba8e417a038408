import { crc32 } from 'node:zlib';
import { MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { readExactly, safeNumber } from '../exact-read.ts';
import type { Partition } from './partition.ts';

const headerSize = 92;
const magic = 'EFI PART';
/** Tables have 128 by custom. */
const mostEntries = 4096;

/**
 * A GUID partition table (UEFI 2.10, 5.3), from its copy at the end of the disk when the one in front is damaged. Throws
 * MalformedInput for the damage of the one in front when the copy is no better.
 */
export async function readGpt(
  file: RandomAccess,
  sectorSize: number,
): Promise<readonly Partition[]> {
  try {
    return await readTable(file, sectorSize, sectorSize);
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
    return readTable(file, lastSector(file, sectorSize), sectorSize).catch(() => {
      throw error;
    });
  }
}

/** Partitions of the copy alone, which counts for programs that find the table in front damaged; none where it is damaged itself. */
export async function readGptCopy(
  file: RandomAccess,
  sectorSize: number,
): Promise<readonly Partition[]> {
  try {
    return await readTable(file, lastSector(file, sectorSize), sectorSize);
  } catch (error) {
    if (error instanceof MalformedInput) return [];
    throw error;
  }
}

function lastSector({ size }: RandomAccess, sectorSize: number): number {
  return Math.max(0, Math.floor(size / sectorSize - 1) * sectorSize);
}

async function readTable(file: RandomAccess, place: number, sectorSize: number) {
  const header = Buffer.from(await readExactly(file, place, sectorSize, 'GPT header'));
  if (header.toString('latin1', 0, 8) !== magic)
    throw new MalformedInput(`no GPT header is at offset ${place}`);
  const expected = header.readUInt32LE(16);
  header.writeUInt32LE(0, 16);
  const size = header.readUInt32LE(12);
  if (size < headerSize || size > sectorSize || crc32(header.subarray(0, size)) !== expected)
    throw new MalformedInput(`the GPT header at offset ${place} is damaged`);
  const first = safeNumber(header.readBigUInt64LE(72), 'place of the GPT') * sectorSize;
  const count = header.readUInt32LE(80);
  const entrySize = header.readUInt32LE(84);
  if (count > mostEntries || entrySize < 128 || entrySize > 4096 || entrySize % 8 !== 0)
    throw new MalformedInput(`GPT has ${count} entries of ${entrySize} bytes`);
  const table = await readExactly(file, first, count * entrySize, 'GPT');
  if (crc32(table) !== header.readUInt32LE(88))
    throw new MalformedInput(`the GPT at offset ${first} is damaged: its CRC-32 is wrong`);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const entry = table.subarray(index * entrySize, (index + 1) * entrySize);
    const type = guid(entry);
    return type === unused ? [] : [partitionOf(entry, type, index + 1, sectorSize)];
  });
}

const unused = '00000000-0000-0000-0000-000000000000';

function partitionOf(entry: Buffer, type: string, number: number, sectorSize: number): Partition {
  const first = safeNumber(entry.readBigUInt64LE(32), 'first sector of a partition');
  const last = safeNumber(entry.readBigUInt64LE(40), 'last sector of a partition');
  if (last < first)
    throw new MalformedInput(`partition ${number} ends at sector ${last}, before ${first}`);
  return {
    name: `p${number}`,
    label: labelOf(entry.subarray(56, 128)),
    type,
    offset: first * sectorSize,
    size: (last - first + 1) * sectorSize,
  };
}

function labelOf(bytes: Buffer): string {
  const text = bytes.toString('utf16le');
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).toWellFormed();
}

/** The first three groups are numbers of little-endian order. */
function guid(bytes: Buffer): string {
  const part = (from: number, to: number) => bytes.toString('hex', from, to);
  const swapped = Buffer.from(bytes.subarray(0, 8));
  swapped.subarray(0, 4).swap32();
  swapped.subarray(4, 8).swap16();
  const [a, b, c] = [
    swapped.toString('hex', 0, 4),
    swapped.toString('hex', 4, 6),
    swapped.toString('hex', 6, 8),
  ];
  return `${a}-${b}-${c}-${part(8, 10)}-${part(10, 16)}`;
}
