import { LimitExceeded, MalformedInput, UnsupportedFormat } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { type ByteStream, byteStream } from '../compression/byte-stream.ts';
import { adbContent } from './adb-content.ts';
import { AdbValues } from './adb-values.ts';

/** What a file of apk-tools 3 is of (src/apk_adb.h). */
export const adbSchemas = { package: 'pckg', index: 'indx', installed: 'idb\0' } as const;

export interface AdbBlock {
  readonly type: 'adb' | 'signature' | 'data';
  /** Bytes of its content. */
  readonly size: number;
  /** Bytes behind it. */
  readonly padding: number;
}

/** A file whose first block was read. */
export interface AdbFile {
  readonly values: AdbValues;
  /** Stands behind the first block. To be closed. */
  readonly stream: ByteStream;
}

/** Four letters, as in `adbSchemas`; null where the content does not begin as it must. */
export async function adbSchema(chunks: AsyncIterable<Buffer>, limits: Limits) {
  const stream = byteStream(adbContent(chunks, limits));
  try {
    return schemaIn(await stream.take(8));
  } finally {
    await stream.close();
  }
}

function schemaIn(head: Buffer): string | null {
  if (head.length < 8 || head.toString('latin1', 0, 4) !== 'ADB.') return null;
  return head.toString('latin1', 4, 8);
}

/** Of a package. Throws MalformedInput, UnsupportedFormat, LimitExceeded. */
export async function openAdb(chunks: AsyncIterable<Buffer>, limits: Limits): Promise<AdbFile> {
  const stream = byteStream(adbContent(chunks, limits));
  try {
    const schema = schemaIn(await stream.take(8));
    if (schema !== adbSchemas.package)
      throw new MalformedInput(
        `the schema is ${JSON.stringify(schema ?? '')}, expected "${adbSchemas.package}"`,
      );
    return { values: await firstBlock(stream, limits), stream };
  } catch (error) {
    await stream.close();
    throw error;
  }
}

const smallestBlock = 16;

async function firstBlock(stream: ByteStream, { maxTextSize }: Limits): Promise<AdbValues> {
  const block = await nextBlock(stream);
  if (block?.type !== 'adb' || block.size < smallestBlock)
    throw new MalformedInput(
      'the first block has no list of files, expected one of 16 bytes at least',
    );
  if (block.size > maxTextSize)
    throw new LimitExceeded(
      `the list of files has ${block.size} bytes, the limit is ${maxTextSize}`,
    );
  const bytes = await stream.take(block.size);
  if (bytes.length < block.size)
    throw new MalformedInput(
      `the package ends at byte ${stream.position}, inside its list of files`,
    );
  if (bytes[0] !== 0)
    throw new UnsupportedFormat(
      `the list of files has the version ${bytes[0]}, of which only 0 is known`,
    );
  await stream.skipTo(stream.position + block.padding);
  return new AdbValues(bytes);
}

const types = ['adb', 'signature', 'data'] as const;
const alignment = 8;
const shortHeader = 4;
const longHeader = 16;

/**
 * The header of the next block (src/adb.h, struct adb_block); null at the end. Its size counts the header; of a large block the size has
 * 64 bits, and the type is in the place of the size.
 */
export async function nextBlock(stream: ByteStream): Promise<AdbBlock | null> {
  const start = stream.position;
  const short = await stream.take(shortHeader);
  if (short.length === 0) return null;
  if (short.length < shortHeader) throw cut(stream);
  const word = short.readUInt32LE(0);
  const isLong = word >>> 30 === types.length;
  const long = isLong ? await stream.take(longHeader - shortHeader) : null;
  if (long !== null && long.length < longHeader - shortHeader) throw cut(stream);
  const low = word & 0x3fffffff;
  const all = long === null ? low : Number(long.readBigUInt64LE(4));
  const size = all - (isLong ? longHeader : shortHeader);
  const type = types[isLong ? low : word >>> 30];
  if (type === undefined || size < 0 || all > Number.MAX_SAFE_INTEGER - alignment)
    throw new MalformedInput(
      `the block at byte ${start} is of type ${isLong ? low : word >>> 30} with ${all} bytes, which no block can be`,
    );
  return { type, size, padding: (alignment - (all % alignment)) % alignment };
}

function cut(stream: ByteStream): MalformedInput {
  return new MalformedInput(`the package ends at byte ${stream.position}, inside a block`);
}
