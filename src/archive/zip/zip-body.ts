import { crc32 } from 'node:zlib';
import { MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { partOf, type RandomAccess } from '../../base/random-access.ts';
import { printableName } from '../../base/text.ts';
import { inflate } from '../compression/inflate.ts';
import { inflatedHead } from '../compression/inflated-head.ts';
import type { ZipRecord } from './zip-directory.ts';

type Decoder = (chunks: AsyncIterable<Buffer>) => Promise<AsyncIterable<Buffer>>;

const deflated = 8;

/** By the numbers of APPNOTE 4.4.5. */
export const zipMethods: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [0, async (chunks) => chunks],
  [deflated, async (chunks) => inflate(chunks, 'deflate')],
  [12, async (chunks) => (await import('../compression/unbzip2.ts')).unbzip2(chunks)],
  [93, async (chunks) => (await import('../compression/unzstd.ts')).unzstd(chunks)],
  [95, async (chunks) => (await import('../compression/unxz.ts')).unxz(chunks)],
]);
export const knownMethods = '0 (none), 8 (deflate), 12 (bzip2), 93 (zstd) or 95 (xz)';

/** The body, as long as the directory says and with its checksum. Throws MalformedInput, LimitExceeded. */
export async function* zipBody(
  record: ZipRecord,
  file: RandomAccess,
  limits: Limits,
): AsyncIterable<Buffer> {
  const named = `zip entry "${printableName(record.name)}"`;
  const decode = zipMethods.get(record.method);
  if (decode === undefined) throw new Error(`${named} has a method without a decoder`);
  const stored = await storedBytes(record, file);
  const head =
    record.method === deflated
      ? inflatedHead(stored.first, 'deflate').subarray(0, record.size)
      : nothing;
  if (head.length > 0) yield head;
  let size = 0;
  let sum = 0;
  for await (const piece of await decode(stored.bytes.stream(0, stored.bytes.size))) {
    const rest = piece.subarray(Math.max(0, head.length - size));
    size += piece.length;
    if (size > record.size)
      throw new MalformedInput(`${named} has more bytes than the ${record.size} it should have`);
    limits.work?.spend(piece.length);
    sum = crc32(piece, sum);
    if (rest.length > 0) yield rest;
  }
  if (size !== record.size)
    throw new MalformedInput(`${named} has ${size} bytes, its record says ${record.size}`);
  if (sum !== record.crc32)
    throw new MalformedInput(`${named} has the CRC-32 ${hex(sum)}, expected ${hex(record.crc32)}`);
}

const nothing = Buffer.alloc(0);
const localSize = 30;
const firstRead = 1024;
/** Enough for readers that only need the kind of a file. */
const beginning = 512;

/** Name and extra field of the local header may differ in length from those of the record. */
async function storedBytes({ offset, compressedSize, method }: ZipRecord, file: RandomAccess) {
  const local = await file.read(offset, firstRead);
  if (local.length < localSize || local.readUInt32LE(0) !== 0x04034b50)
    throw new MalformedInput(`no zip entry begins at offset ${offset}`);
  const seen = local.readUInt16LE(8);
  if (seen !== method)
    throw new MalformedInput(
      `the zip entry at offset ${offset} says of itself that its method is ${seen}, and its record says ${method}: which counts differs by program`,
    );
  const start = localSize + local.readUInt16LE(26) + local.readUInt16LE(28);
  return {
    bytes: partOf(file, offset + start, compressedSize),
    first: local.subarray(start, start + Math.min(compressedSize, beginning)),
  };
}

function hex(sum: number): string {
  return `0x${sum.toString(16).padStart(8, '0')}`;
}
