import { decodeName } from '../../../base/text.ts';
import type { LinkTables } from '../../../facts/link-tables/link-tables.ts';

/** A path that ldconfig found for a library of a name. */
export interface CachedPath {
  readonly path: string;
  /** The subdirectory of `glibc-hwcaps` whose processors may use it; null: all. */
  readonly level: string | null;
  /** From a subdirectory that older releases search on some processors. */
  readonly forFeatures: boolean;
}

/** What the cache holds for one kind of process, by name; of each name in the order of the file. */
export type LibraryCache = ReadonlyMap<string, readonly CachedPath[]>;

const magic = 'glibc-ld.so.cache1.1';
const headerSize = 48;
const entrySize = 24;
/** Of libc5 and glibc 2.0; ldconfig puts the newer format behind it. */
const oldMagic = 'ld.so-1.7.0';
const oldHeaderSize = 16;
const oldEntrySize = 12;

/**
 * /etc/ld.so.cache (sysdeps/generic/dl-cache.h: struct cache_file_new, struct cache_file): the header, then `nlibs` entries of
 * flags, key, value and, in the newer format, osversion and hwcap; key and value are offsets of strings. A damaged
 * cache is ignored, as by the loader (elf/dl-cache.c, _dl_load_cache_lookup).
 */
export function readLibraryCache(file: Buffer | undefined, process: LinkTables): LibraryCache {
  const found = new Map<string, CachedPath[]>();
  const table = file === undefined ? null : findTable(file, process);
  if (table === null) return found;
  const wanted = flagsOf(process);
  const { bytes, count, first, size, strings, read } = table;
  for (let index = 0; index < count; index += 1) {
    const entry = first + index * size;
    if (wanted !== null && read(entry) !== wanted) continue;
    const marks = size === entrySize ? marksOf(table, entry) : everywhere;
    const name = stringAt(bytes, strings + read(entry + 4));
    const path = stringAt(bytes, strings + read(entry + 8));
    if (name === null || path === null || marks === null) continue;
    const paths = found.get(name) ?? [];
    paths.push({ path, ...marks });
    found.set(name, paths);
  }
  return found;
}

interface Table {
  readonly bytes: Buffer;
  readonly count: number;
  /** Where the entries begin. */
  readonly first: number;
  /** Bytes of an entry. */
  readonly size: number;
  /** What offsets of strings count from. */
  readonly strings: number;
  read(at: number): number;
  /** Names of the subdirectories of `glibc-hwcaps` that entries stand for, by their number. */
  readonly levels: readonly (string | null)[];
}

function findTable(file: Buffer, { byteOrder }: LinkTables): Table | null {
  const little = byteOrder === 'little';
  const begins = (text: string, at: number) =>
    file.toString('latin1', at, at + text.length) === text;
  const count = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  if (begins(magic, 0)) return newTable(file, little);
  if (!begins(oldMagic, 0) || file.length <= oldHeaderSize) return null;
  const entries = count(12);
  const end = oldHeaderSize + entries * oldEntrySize;
  if (end > file.length) return null;
  const aligned = Math.ceil(end / 8) * 8;
  if (begins(magic, aligned)) return newTable(file.subarray(aligned), little);
  return {
    bytes: file,
    count: entries,
    first: oldHeaderSize,
    size: oldEntrySize,
    strings: end,
    read: count,
    levels: [],
  };
}

/** cache_file_new_flags_endian_little and _big; 0: an older ldconfig wrote it. */
const endianFlags = { little: 2, big: 3 } as const;

function newTable(bytes: Buffer, little: boolean): Table | null {
  if (bytes.length <= headerSize) return null;
  const read = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const count = read(20);
  const flags = (bytes[28] ?? 0) & 3;
  if (flags !== 0 && flags !== endianFlags[little ? 'little' : 'big']) return null;
  if (count > Math.floor((bytes.length - headerSize) / entrySize)) return null;
  const table = { bytes, count, first: headerSize, size: entrySize, strings: 0, read };
  return { ...table, levels: levelsOf(table) };
}

const extensionMagic = 0xeaa42174;
const levelsTag = 1;
/** Longer lists are not of ldconfig. */
const mostExtensions = 64;
const mostLevels = 1024;

/** The extension cache_extension_tag_glibc_hwcaps: offsets of names. */
function levelsOf({ bytes, read }: Omit<Table, 'levels'>): (string | null)[] {
  const start = read(32);
  if (start === 0 || start + 8 > bytes.length || read(start) !== extensionMagic) return [];
  const sections = Math.min(read(start + 4), mostExtensions);
  for (let index = 0; index < sections; index += 1) {
    const section = start + 8 + index * 16;
    if (section + 16 > bytes.length) return [];
    if (read(section) !== levelsTag) continue;
    const offset = read(section + 8);
    const length = Math.min(Math.floor(read(section + 12) / 4), mostLevels);
    if (offset + length * 4 > bytes.length) return [];
    return Array.from({ length }, (_, each) => stringAt(bytes, read(offset + each * 4)));
  }
  return [];
}

type Marks = Pick<CachedPath, 'level' | 'forFeatures'>;
const everywhere: Marks = { level: null, forFeatures: false };
/** DL_CACHE_HWCAP_EXTENSION in the upper half of hwcap, alongside DL_CACHE_HWCAP_ISA_LEVEL_MASK. */
const extensionBit = 0x40000000;
const levelBits = 0x3ff;

/** null: of an entry that no process takes. */
function marksOf({ bytes, read, levels }: Table, entry: number): Marks | null {
  const isLittle = bytes.readUInt32LE(entry) === read(entry);
  const low = read(entry + (isLittle ? 16 : 20));
  const high = read(entry + (isLittle ? 20 : 16));
  if (low === 0 && high === 0) return everywhere;
  if ((high & ~levelBits) !== extensionBit) return { level: null, forFeatures: true };
  const level = levels[low] ?? null;
  return level === null ? null : { level, forFeatures: false };
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

/** null where one machine has several calling conventions: then the cached file itself has to show it. */
function flagsOf({ machine, bits }: LinkTables): number | null {
  const known = machineFlags.find(([of, width]) => of === machine && width === bits);
  return known === undefined ? null : known[2] | 3;
}
