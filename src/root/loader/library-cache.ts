import type { Root } from '../../layers/root.ts';
import { decodeName } from '../../text.ts';

/** Library name to the paths that ldconfig found for it, in order. */
export type LibraryCache = ReadonlyMap<string, readonly string[]>;

const magic = 'glibc-ld.so.cache1.1';
const headerSize = 48;
const entrySize = 24;

/**
 * /etc/ld.so.cache in the format of glibc 2.2 and later (sysdeps/generic/dl-cache.h, struct cache_file_new): 48 bytes
 * of header, then `nlibs` entries of flags, key, value, osversion and hwcap; key and value are offsets of strings
 * from the header. An older header may stand before it. A cache that is damaged is no cache, as for the loader.
 */
export function readLibraryCache(root: Root): LibraryCache {
  const found = new Map<string, string[]>();
  const file = root.text('/etc/ld.so.cache');
  const start = file?.indexOf(magic) ?? -1;
  if (file === undefined || start < 0 || file.length < start + headerSize) return found;
  const cache = file.subarray(start);
  const little = cache.readUInt32LE(20);
  const read = little <= cache.readUInt32BE(20) ? readLittle : readBig;
  const count = Math.min(read(cache, 20), Math.floor((cache.length - headerSize) / entrySize));
  for (let index = 0; index < count; index += 1) {
    const entry = headerSize + index * entrySize;
    const name = stringAt(cache, read(cache, entry + 4));
    const path = stringAt(cache, read(cache, entry + 8));
    if (name === null || path === null) continue;
    const paths = found.get(name);
    if (paths === undefined) found.set(name, [path]);
    else paths.push(path);
  }
  return found;
}

const readLittle = (bytes: Buffer, offset: number): number => bytes.readUInt32LE(offset);
const readBig = (bytes: Buffer, offset: number): number => bytes.readUInt32BE(offset);

/** No name of a library is longer than a path. */
const longestString = 4096;

function stringAt(cache: Buffer, offset: number): string | null {
  if (offset >= cache.length) return null;
  const end = cache.subarray(offset, offset + longestString).indexOf(0);
  return end < 0 ? null : decodeName(cache.subarray(offset, offset + end));
}
