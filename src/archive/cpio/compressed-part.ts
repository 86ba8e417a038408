import { crc32 } from 'node:zlib';
import { MalformedInput } from '../../base/errors.ts';
import type { ByteStream } from '../compression/byte-stream.ts';
import { type GrowthLimits, growthWithin } from '../compression/growth.ts';
import { inflate } from '../compression/inflate.ts';
import { copyXzStream } from '../compression/xz-container.ts';
import { copyZstdFrame } from '../compression/zstd-frame.ts';
import { type Compression, compressionOf, decompress, longestMagic } from '../decompress.ts';

const pieceSize = 64 * 1024;

/**
 * The content of a compressed part that begins here and ends wherever its format says, so that another one may follow: the
 * stream then stands behind it. Members, streams and frames of one format right behind each other are one part. That is so for gzip, xz and zstd; any other compression takes all that is left. Throws
 * MalformedInput, LimitExceeded.
 */
export async function* decompressPart(
  stream: ByteStream,
  limits: GrowthLimits,
): AsyncIterable<Buffer> {
  const kind = await next(stream);
  if (kind === 'gzip') while ((await next(stream)) === kind) yield* gunzipMember(stream, limits);
  else if (kind === 'xz') yield* decompress(copied(stream, kind, copyXzStream), limits);
  else if (kind === 'zstd') yield* decompress(copied(stream, kind, copyZstdFrame), limits);
  else yield* decompress(stream.remaining(), limits);
}

async function next(stream: ByteStream): Promise<Compression> {
  return compressionOf(await stream.peek(longestMagic));
}

async function* copied(
  stream: ByteStream,
  kind: Compression,
  copy: (stream: ByteStream) => AsyncIterable<Buffer>,
): AsyncIterable<Buffer> {
  while ((await next(stream)) === kind) yield* copy(stream);
}

/** RFC 1952: one member. A reader of whole files would take what follows for damage. */
async function* gunzipMember(stream: ByteStream, limits: GrowthLimits): AsyncIterable<Buffer> {
  await skipGzipHeader(stream);
  const growth = growthWithin(limits);
  const stored = growth.counted(piecesOf(stream));
  let sum = 0;
  let size = 0;
  for await (const bytes of inflate(stored, 'deflate', (rest) => stream.giveBack(rest))) {
    growth.add(bytes.length);
    sum = crc32(bytes, sum);
    size = (size + bytes.length) >>> 0;
    yield bytes;
  }
  const trailer = await stream.take(8);
  if (trailer.length < 8 || trailer.readUInt32LE(0) !== sum || trailer.readUInt32LE(4) !== size)
    throw new MalformedInput(
      `gzip stream is damaged after ${size} bytes of content: its CRC-32 or size is wrong`,
    );
}

const flag = { sum: 2, extra: 4, name: 8, comment: 16 } as const;

async function skipGzipHeader(stream: ByteStream): Promise<void> {
  const flags = (await stream.take(10))[3] ?? 0;
  if ((flags & flag.extra) !== 0) {
    const size = await stream.take(2);
    await stream.take(size.length < 2 ? 0 : size.readUInt16LE(0));
  }
  if ((flags & flag.name) !== 0) await skipText(stream);
  if ((flags & flag.comment) !== 0) await skipText(stream);
  if ((flags & flag.sum) !== 0) await stream.take(2);
}

/** Up to its NUL. */
async function skipText(stream: ByteStream): Promise<void> {
  for (;;) {
    const byte = await stream.take(1);
    if (byte.length === 0 || byte[0] === 0) return;
  }
}

async function* piecesOf(stream: ByteStream): AsyncIterable<Buffer> {
  while (await stream.hasMore()) yield await stream.take(pieceSize);
}
