import { PT } from '../constants.ts';
import type { Bytes } from '../reading/bytes.ts';
import { programHeaderSize } from './file-layout.ts';

/** One of the four ways to read a header whose own statement of its class and byte order is not believed. */
export interface Reading {
  readonly little: boolean;
  readonly bits: 32 | 64;
}

export const allReadings: readonly Reading[] = [
  { little: true, bits: 64 },
  { little: true, bits: 32 },
  { little: false, bits: 64 },
  { little: false, bits: 32 },
];

/** Real files have some 14. */
const mostHeaders = 4096;

export function half(header: Buffer, at: number, { little }: Reading): number {
  return little ? header.readUInt16LE(at) : header.readUInt16BE(at);
}

/** p_type of each program header, `stride` bytes apart (null: as e_phentsize says); empty where they do not lie in the file. */
export function segmentTypes(
  bytes: Bytes,
  header: Buffer,
  reading: Reading,
  stride: number | null = null,
): ReadonlySet<number> {
  const { little, bits } = reading;
  const step = stride ?? half(header, bits === 64 ? 54 : 42, reading);
  const count = half(header, bits === 64 ? 56 : 44, reading);
  const offset = wordOf(header, bits === 64 ? 32 : 28, reading);
  const types = new Set<number>();
  if (step < 4 || count === 0 || offset + step * count > bytes.size) return types;
  for (let index = 0; index < Math.min(count, mostHeaders); index += 1) {
    const type = bytes.read(offset + index * step, 4);
    types.add(little ? type.readUInt32LE(0) : type.readUInt32BE(0));
  }
  return types;
}

/** Whether it was linked to be started by a loader: it has a PT_INTERP and a PT_LOAD, whatever is wrong with the rest. */
export function namesLoader(bytes: Bytes): boolean {
  if (bytes.size < 64) return false;
  const header = bytes.read(0, 64);
  return allReadings.some((reading) =>
    [null, programHeaderSize[reading.bits]].some((stride) => {
      const types = segmentTypes(bytes, header, reading, stride);
      return types.has(PT.LOAD) && types.has(PT.INTERP);
    }),
  );
}

/** Beyond exact numbers lies no file. */
function wordOf(header: Buffer, at: number, { little, bits }: Reading): number {
  if (bits === 32) return little ? header.readUInt32LE(at) : header.readUInt32BE(at);
  return Number(little ? header.readBigUInt64LE(at) : header.readBigUInt64BE(at));
}
