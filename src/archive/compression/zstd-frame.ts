import type { ByteStream } from './byte-stream.ts';

/** Bytes of the id of a dictionary, and of the size of the content, by two bits of the descriptor (RFC 8878, 3.1.1.1). */
const dictionarySizes = [0, 1, 2, 4];
const contentSizes = [0, 2, 4, 8];

const rleBlock = 1;

/**
 * The bytes of the one frame that begins here; the headers of its blocks show its end. Unexpected bytes are passed on
 * unchanged, and the decoder reports what is wrong with them.
 */
export async function* copyZstdFrame(stream: ByteStream): AsyncIterable<Buffer> {
  const magic = await stream.take(4);
  yield magic;
  if (magic.length === 4 && (magic.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50) {
    const size = await stream.take(4);
    yield size;
    if (size.length === 4) yield* stream.pieces(size.readUInt32LE(0));
    return;
  }
  const descriptor = await stream.take(1);
  yield descriptor;
  const [bits = 0] = descriptor;
  const isSingle = (bits & 0x20) !== 0;
  const contentSize = bits >> 6 === 0 && isSingle ? 1 : (contentSizes[bits >> 6] ?? 0);
  yield await stream.take((isSingle ? 0 : 1) + (dictionarySizes[bits & 3] ?? 0) + contentSize);
  for (;;) {
    const head = await stream.take(3);
    yield head;
    if (head.length < 3) return;
    const word = head.readUIntLE(0, 3);
    yield* stream.pieces(((word >> 1) & 3) === rleBlock ? 1 : word >> 3);
    if ((word & 1) !== 0) break;
  }
  if ((bits & 4) !== 0) yield await stream.take(4);
}
