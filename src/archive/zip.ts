import { crc32 } from 'node:zlib';
import { LimitExceeded, MalformedArchive } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { decodeName, printableName } from '../text.ts';
import type { Entry, EntryType, EntryWalk } from './entry.ts';
import { inflate } from './inflate.ts';
import { partOf, type RandomAccess } from './random-access.ts';
import { readZipDirectory, type ZipRecord } from './zip-directory.ts';

export const zipMagics = ['PK\x03\x04', 'PK\x05\x06'];

/**
 * Entries of a zip archive. Those that cannot be read, encrypted or by an unknown method, are told to `refuse` with the
 * reason and left out. Sizes and checksums are verified while bodies are read. Throws MalformedArchive, LimitExceeded.
 */
export async function* zipEntries(
  file: RandomAccess,
  limits: Limits,
  refuse: (name: string, why: string) => void,
): EntryWalk {
  let total = 0;
  for (const record of await readZipDirectory(file, limits)) {
    const { name, encrypted, method } = record;
    total += record.size;
    if (total > limits.maxLayerSize)
      throw new LimitExceeded(`archive has more than ${limits.maxLayerSize} bytes`);
    if (encrypted) refuse(name, 'it is encrypted');
    else if (methods.has(method)) yield await entryOf(record, file);
    else refuse(name, `it is compressed by method ${method}, expected ${knownMethods}`);
  }
}

type Decoder = (chunks: AsyncIterable<Buffer>) => Promise<AsyncIterable<Buffer>>;

/** By the numbers of APPNOTE 4.4.5. */
const methods: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [0, async (chunks) => chunks],
  [8, async (chunks) => inflate(chunks, 'deflate')],
  [93, async (chunks) => (await import('./unzstd.ts')).unzstd(chunks)],
  [95, async (chunks) => (await import('./unxz.ts')).unxz(chunks)],
]);
const knownMethods = '0 (none), 8 (deflate), 93 (zstd) or 95 (xz)';

async function entryOf(record: ZipRecord, file: RandomAccess): Promise<Entry> {
  const type = typeOf(record);
  return {
    path: record.name,
    type,
    size: type === 'file' ? record.size : 0,
    mode: (record.mode ?? 0o644) & 0o7777,
    uid: 0,
    gid: 0,
    linkTarget: type === 'symlink' ? await linkTarget(record, file) : '',
    capability: null,
    body: () => (type === 'file' ? verified(record, file) : nothing()),
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

async function linkTarget(record: ZipRecord, file: RandomAccess): Promise<string> {
  if (record.size > longestTarget) {
    throw new MalformedArchive(
      `the target of "${printableName(record.name)}" has ${record.size} bytes, expected at most ${longestTarget}`,
    );
  }
  const parts: Buffer[] = [];
  for await (const piece of verified(record, file)) parts.push(piece);
  return decodeName(Buffer.concat(parts));
}

/** The body, as long as the directory says and with its checksum. */
async function* verified(record: ZipRecord, file: RandomAccess): AsyncIterable<Buffer> {
  const named = `zip entry "${printableName(record.name)}"`;
  const decode = methods.get(record.method);
  if (decode === undefined) throw new Error(`${named} has a method without a decoder`);
  let size = 0;
  let sum = 0;
  for await (const piece of await decode(await storedBytes(record, file))) {
    size += piece.length;
    if (size > record.size)
      throw new MalformedArchive(`${named} has more bytes than the ${record.size} it should have`);
    sum = crc32(piece, sum);
    yield piece;
  }
  if (size !== record.size)
    throw new MalformedArchive(`${named} has ${size} bytes, its record says ${record.size}`);
  if (sum !== record.crc32)
    throw new MalformedArchive(
      `${named} has the CRC-32 ${hex(sum)}, expected ${hex(record.crc32)}`,
    );
}

const localSize = 30;

/** Name and extra field of the local header may differ in length from those of the record. */
async function storedBytes(record: ZipRecord, file: RandomAccess): Promise<AsyncIterable<Buffer>> {
  const { offset, compressedSize } = record;
  const local = await file.read(offset, localSize);
  if (local.length < localSize || local.readUInt32LE(0) !== 0x04034b50)
    throw new MalformedArchive(`no zip entry begins at offset ${offset}`);
  const start = offset + localSize + local.readUInt16LE(26) + local.readUInt16LE(28);
  return partOf(file, start, compressedSize).stream(0, compressedSize);
}

function hex(sum: number): string {
  return `0x${sum.toString(16).padStart(8, '0')}`;
}
