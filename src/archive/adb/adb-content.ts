import { MalformedInput, UnsupportedFormat } from '../../base/errors.ts';
import { type ByteStream, byteStream } from '../compression/byte-stream.ts';
import { type GrowthLimits, growthWithin } from '../compression/growth.ts';
import { inflate } from '../compression/inflate.ts';

/**
 * Files of apk-tools 3 begin with `ADB.`, or with how all that follows is compressed: `ADBd` (deflate), or `ADBc` and the
 * numbers of the method and of its level (src/adb_comp.c, adb_decompress).
 */
const markSize = 4;
const methods = { none: 0, deflate: 1, zstd: 2 } as const;
/** Numbers above it are letters of a text, or damage. */
const largestMethod = 15;
const pieceSize = 64 * 1024;

/** By the first bytes, which some texts have too: the content shows what it is. */
export function isAdb(head: Buffer): boolean {
  const mark = head.toString('latin1', 0, markSize);
  return mark === 'ADB.' || mark === 'ADBd' || (mark === 'ADBc' && isMethod(head[markSize]));
}

function isMethod(number: number | undefined): boolean {
  return number !== undefined && number <= largestMethod;
}

/**
 * From `ADB.` on, decompressed. Bytes behind the compressed stream are reported to `limits.behind`. Throws MalformedInput,
 * UnsupportedFormat, LimitExceeded, and what `chunks` throws.
 */
export async function* adbContent(
  chunks: AsyncIterable<Buffer>,
  limits: GrowthLimits,
): AsyncIterable<Buffer> {
  const growth = growthWithin(limits);
  const stream = byteStream(growth.counted(chunks));
  try {
    for await (const bytes of decoded(stream, await methodOf(stream), limits)) {
      growth.add(bytes.length);
      yield bytes;
    }
  } finally {
    await stream.close();
  }
}

/** The stream then stands where what is compressed begins. */
async function methodOf(stream: ByteStream): Promise<number> {
  const mark = await stream.take(markSize);
  switch (mark.toString('latin1')) {
    case 'ADB.':
      stream.giveBack(mark);
      return methods.none;
    case 'ADBd':
      return methods.deflate;
    case 'ADBc':
      return (await stream.take(2))[0] ?? methods.none;
    default:
      throw new MalformedInput('the file does not begin with ADB., ADBd or ADBc');
  }
}

async function* decoded(
  stream: ByteStream,
  method: number,
  limits: GrowthLimits,
): AsyncIterable<Buffer> {
  const behind = (count: number) =>
    limits.behind?.(`${count} bytes behind the compressed package were not read`);
  if (method === methods.none) return yield* stream.remaining();
  if (method === methods.zstd) {
    const { unzstd } = await import('../compression/unzstd.ts');
    return yield* unzstd(stream.remaining(), behind);
  }
  if (method !== methods.deflate)
    throw new UnsupportedFormat(
      `the package is compressed by method ${method}, expected 0 (none), 1 (deflate) or 2 (zstd)`,
    );
  yield* inflate(piecesOf(stream), 'deflate', (rest) => stream.giveBack(rest));
  const end = stream.position;
  await stream.skipTo(Number.POSITIVE_INFINITY);
  if (stream.position > end) behind(stream.position - end);
}

async function* piecesOf(stream: ByteStream): AsyncIterable<Buffer> {
  while (await stream.hasMore()) yield await stream.take(pieceSize);
}
