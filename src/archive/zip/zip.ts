import { posix } from 'node:path';
import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { decodeName, printableName } from '../../base/text.ts';
import type { Entry, EntryType, EntryWalk } from '../entry.ts';
import { knownMethods, zipBody, zipMethods } from './zip-body.ts';
import { readZipDirectory, type ZipRecord } from './zip-directory.ts';

export const zipMagics = ['PK\x03\x04', 'PK\x05\x06'];

/**
 * Entries of a zip archive. Entries that cannot be read, because they are encrypted or use an unknown method, are
 * reported to `refuse` with the reason and left out. Sizes and checksums are verified while bodies are read. Throws
 * MalformedInput, LimitExceeded.
 */
export async function* zipEntries(
  file: RandomAccess,
  limits: Limits,
  refuse: (name: string, why: string) => void,
): EntryWalk {
  let total = 0;
  const seen = new Map<string, ZipRecord>();
  for (const record of await readZipDirectory(file, limits)) {
    const { name, encrypted, method } = record;
    total += record.size;
    if (total > limits.maxLayerSize)
      throw new LimitExceeded(`archive has more than ${limits.maxLayerSize} bytes`);
    const twin = seen.get(placeOf(name));
    if (twin !== undefined && !isSame(twin, record))
      refuse(
        name,
        'the archive has another file of this name, and programs differ in which they take',
      );
    seen.set(placeOf(name), record);
    if (encrypted) refuse(name, 'it is encrypted');
    else if (zipMethods.has(method)) yield await entryOf(record, file, limits);
    else refuse(name, `it is compressed by method ${method}, expected ${knownMethods}`);
  }
}

/** `./x` and `x` are unpacked to one place. */
function placeOf(name: string): string {
  return posix.normalize(`/${name}`);
}

/** By what the records say of the content, which is verified when it is read. */
function isSame(one: ZipRecord, other: ZipRecord): boolean {
  return one.size === other.size && one.crc32 === other.crc32;
}

async function entryOf(record: ZipRecord, file: RandomAccess, limits: Limits): Promise<Entry> {
  const type = typeOf(record);
  return {
    path: record.name,
    type,
    size: type === 'file' ? record.size : 0,
    mode: (record.mode ?? 0o644) & 0o7777,
    uid: 0,
    gid: 0,
    linkTarget: type === 'symlink' ? await linkTarget(record, file, limits) : '',
    capability: null,
    body: () => (type === 'file' ? zipBody(record, file, limits) : nothing()),
    ...(record.method !== 0 && { isPacked: true as const }),
  };
}

async function* nothing(): AsyncIterable<Buffer> {}

function typeOf({ name, mode }: ZipRecord): EntryType {
  if (name.endsWith('/')) return 'directory';
  const format = (mode ?? 0) & 0o170000;
  if (format === 0o120000) return 'symlink';
  return format === 0 || format === 0o100000 ? 'file' : 'unsupported';
}

/** Linux has no longer target (PATH_MAX). */
const longestTarget = 4096;

async function linkTarget(record: ZipRecord, file: RandomAccess, limits: Limits): Promise<string> {
  if (record.size > longestTarget) {
    throw new MalformedInput(
      `the target of "${printableName(record.name)}" has ${record.size} bytes, expected at most ${longestTarget}`,
    );
  }
  const parts: Buffer[] = [];
  for await (const piece of zipBody(record, file, limits)) parts.push(piece);
  return decodeName(Buffer.concat(parts));
}
