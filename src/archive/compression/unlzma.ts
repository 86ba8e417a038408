import { MalformedInput } from '../../base/errors.ts';
import { type Behind, sizeOf } from './behind.ts';
import { type ByteStream, byteStream } from './byte-stream.ts';
import { LzmaDecoder, type LzmaProperties } from './lzma-decoder.ts';
import { unknownSize } from './lzma-head.ts';

/** As zstd's longest window; xz writes up to 64 MiB at its highest level. */
const largestDictionary = 128 * 1024 * 1024;
const inputSize = 64 * 1024;

/**
 * The content of a `.lzma` file; what follows it is passed over, since a kernel image has its size there. Everything that
 * can be decoded is yielded before an error, be it of the stream or of `chunks`, is thrown. Throws MalformedInput.
 */
export async function* unlzma(
  chunks: AsyncIterable<Buffer>,
  behind: Behind = () => {},
): AsyncIterable<Buffer> {
  const stream = byteStream(chunks);
  try {
    const head = await stream.take(13);
    if (head.length < 13) throw damaged('lzma', 0, 'it ends inside its header');
    const [first = 0] = head;
    const properties = {
      lc: first % 9,
      lp: Math.floor(first / 9) % 5,
      pb: Math.floor(first / 45),
      dictionary: Math.max(head.readUInt32LE(1), 4096),
    };
    const size = head.readBigUInt64LE(5);
    const most = size === unknownSize ? Number.POSITIVE_INFINITY : Number(size);
    const damage = (at: number, why: string) => damaged('lzma', at, why);
    const taken = yield* lzmaContent(stream, properties, most, damage);
    const rest = taken.length + (await sizeOf(stream.remaining()));
    if (rest > sizeOfKernel) behind(rest);
  } finally {
    await stream.close();
  }
}

/** A kernel has its size behind its end. */
const sizeOfKernel = 4;

export function damaged(name: string, produced: number, why: string): MalformedInput {
  return new MalformedInput(`${name} stream is damaged after ${produced} bytes of content: ${why}`);
}

/**
 * One stream; what was taken of the input behind it is returned. `size` may be infinite: then a marker ends it. `damage`
 * makes an error of how much was decoded and what is wrong then.
 */
export async function* lzmaContent(
  stream: ByteStream,
  properties: LzmaProperties,
  size: number,
  damage: (at: number, why: string) => MalformedInput,
): AsyncGenerator<Buffer, Buffer, undefined> {
  if (properties.dictionary > largestDictionary) {
    const why = `its dictionary has ${properties.dictionary} bytes, the most are ${largestDictionary}`;
    throw damage(0, why);
  }
  const dictionary = Math.min(properties.dictionary, size);
  const decoder = new LzmaDecoder({ ...properties, dictionary });
  let failure: { readonly error: unknown } | null = null;
  try {
    while (!decoder.ended && decoder.total < size) {
      const { piece, error } = await nextPiece(stream);
      failure = error;
      yield* decoder.decode(piece, piece.length === 0, size);
    }
  } catch (error) {
    if (failure !== null) throw failure.error;
    throw error instanceof MalformedInput ? damage(decoder.total, error.message) : error;
  }
  if (failure !== null) throw failure.error;
  return decoder.rest();
}

/** An error of the source ends the input, and is reported after everything before it is decoded. */
async function nextPiece(stream: ByteStream) {
  try {
    for await (const piece of stream.pieces(inputSize)) return { piece, error: null };
    return { piece: Buffer.alloc(0), error: null };
  } catch (error) {
    return { piece: Buffer.alloc(0), error: { error } };
  }
}
