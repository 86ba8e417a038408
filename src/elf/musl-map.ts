import type { Bytes } from './bytes.ts';
import { ET, PT } from './constants.ts';

/** Real files have some 14. */
const mostHeaders = 4096;

/**
 * Whether musl's loader maps a file (ldso/dynlink.c, map_library), whose header others refuse: it reads the type and where the
 * program headers are, in the class of its own machine, and steps by e_phentsize.
 */
export function isMappedByMusl(bytes: Bytes): boolean {
  if (bytes.size < 64) return false;
  const header = bytes.read(0, 64);
  return [true, false].some((little) => {
    const type = little ? header.readUInt16LE(16) : header.readUInt16BE(16);
    if (type !== ET.EXEC && type !== ET.DYN) return false;
    return [64, 32].some((bits) => hasSegments(bytes, header, { little, bits }));
  });
}

interface Reading {
  readonly little: boolean;
  readonly bits: number;
}

/** A segment to map, and a dynamic section. */
function hasSegments(bytes: Bytes, header: Buffer, { little, bits }: Reading): boolean {
  const half = (at: number) => (little ? header.readUInt16LE(at) : header.readUInt16BE(at));
  const [stride, count] = bits === 64 ? [half(54), half(56)] : [half(42), half(44)];
  const offset = wordOf(header, bits === 64 ? 32 : 28, { little, bits });
  if (stride < 4 || count === 0 || offset + stride * count > bytes.size) return false;
  const types = new Set<number>();
  for (let index = 0; index < Math.min(count, mostHeaders); index += 1) {
    const type = bytes.read(offset + index * stride, 4);
    types.add(little ? type.readUInt32LE(0) : type.readUInt32BE(0));
  }
  return types.has(PT.LOAD) && types.has(PT.DYNAMIC);
}

/** Beyond exact numbers lies no file. */
function wordOf(header: Buffer, at: number, { little, bits }: Reading): number {
  if (bits === 32) return little ? header.readUInt32LE(at) : header.readUInt32BE(at);
  return Number(little ? header.readBigUInt64LE(at) : header.readBigUInt64BE(at));
}
