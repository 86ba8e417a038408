import type { LinkTables } from '../../facts/link-tables.ts';
import type { Root } from '../../layers/root.ts';
import { decodeName } from '../../text.ts';

/** The path that ldconfig found for a library of each name, for one kind of process. */
export type LibraryCache = ReadonlyMap<string, string>;

const magic = 'glibc-ld.so.cache1.1';
const headerSize = 48;
const entrySize = 24;

/**
 * /etc/ld.so.cache in the format of glibc 2.2 and later (sysdeps/generic/dl-cache.h, struct cache_file_new): 48 bytes
 * of header, then `nlibs` entries of flags, key, value, osversion and hwcap; key and value are offsets of strings
 * from the header. An older header may stand before it. A cache that is damaged is no cache, as for the loader.
 * Of several entries for a name the first one counts; those with a hwcap are for some processors only.
 */
export function readLibraryCache(root: Root, process: LinkTables): LibraryCache {
  const found = new Map<string, string>();
  const file = root.text('/etc/ld.so.cache');
  const start = file?.indexOf(magic) ?? -1;
  if (file === undefined || start < 0 || file.length < start + headerSize) return found;
  const cache = file.subarray(start);
  const little = cache.readUInt32LE(20) <= cache.readUInt32BE(20);
  const read = (at: number) => (little ? cache.readUInt32LE(at) : cache.readUInt32BE(at));
  const wanted = flagsOf(process);
  const count = Math.min(read(20), Math.floor((cache.length - headerSize) / entrySize));
  for (let index = 0; index < count; index += 1) {
    const entry = headerSize + index * entrySize;
    if (wanted !== null && read(entry) !== wanted) continue;
    if (read(entry + 16) !== 0 || read(entry + 20) !== 0) continue;
    const name = stringAt(cache, read(entry + 4));
    const path = stringAt(cache, read(entry + 8));
    if (name !== null && path !== null && !found.has(name)) found.set(name, path);
  }
  return found;
}

/** No name of a library is longer than a path. */
const longestString = 4096;

function stringAt(cache: Buffer, offset: number): string | null {
  if (offset >= cache.length) return null;
  const end = cache.subarray(offset, offset + longestString).indexOf(0);
  return end < 0 ? null : decodeName(cache.subarray(offset, offset + end));
}

/** Written by ldconfig for what a library can serve (sysdeps/generic/ldconfig.h): FLAG_ELF_LIBC6 and the machine's. */
const machineFlags: readonly (readonly [machine: number, bits: 32 | 64, flags: number])[] = [
  [62, 64, 0x0300],
  [62, 32, 0x0800],
  [3, 32, 0],
  [183, 64, 0x0a00],
  [22, 64, 0x0400],
  [21, 64, 0x0500],
];

/** null where one machine has several calling conventions: then the cached file itself has to tell. */
function flagsOf({ machine, bits }: LinkTables): number | null {
  const known = machineFlags.find(([of, width]) => of === machine && width === bits);
  return known === undefined ? null : known[2] | 3;
}
