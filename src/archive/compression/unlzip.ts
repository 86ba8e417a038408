import { crc32 } from 'node:zlib';
import type { MalformedInput } from '../../base/errors.ts';
import { type Behind, sizeOf } from './behind.ts';
import { type ByteStream, byteStream } from './byte-stream.ts';
import type { LzmaProperties } from './lzma-decoder.ts';
import { damaged, lzmaContent } from './unlzma.ts';

const magic = Buffer.from('LZIP');
const headSize = 6;
const trailerSize = 20;

/**
 * The content of a lzip file, also of several members; zeros may follow them (lzip's manual, "File format"). Everything
 * that can be decoded is yielded before an error is thrown. Throws MalformedInput.
 */
export async function* unlzip(
  chunks: AsyncIterable<Buffer>,
  behind: Behind = () => {},
): AsyncIterable<Buffer> {
  let stream = byteStream(chunks);
  let produced = 0;
  const damage = (at: number, why: string) => damaged('lzip', produced + at, why);
  try {
    while (await beginsMember(stream, produced === 0 && stream.position === 0, damage)) {
      const content = lzmaContent(stream, await properties(stream, damage), endless, damage);
      let sum = 0;
      let size = 0;
      let step = await content.next();
      for (; !step.done; step = await content.next()) {
        sum = crc32(step.value, sum);
        size += step.value.length;
        yield step.value;
      }
      stream = byteStream(following(step.value, stream));
      const why = wrongIn(await stream.take(trailerSize), sum, size);
      if (why !== null) throw damage(size, why);
      produced += size;
    }
    const rest = await sizeOf(stream.remaining());
    if (rest > 0) behind(rest);
  } finally {
    await stream.close();
  }
}

type Damage = (at: number, why: string) => MalformedInput;

const endless = Number.POSITIVE_INFINITY;

async function beginsMember(stream: ByteStream, first: boolean, damage: Damage): Promise<boolean> {
  const head = await stream.peek(magic.length);
  if (head.equals(magic)) return true;
  if (first) throw damage(0, 'here no lzip file begins');
  await stream.skipZeros();
  return (await stream.peek(magic.length)).equals(magic);
}

async function properties(stream: ByteStream, damage: Damage): Promise<LzmaProperties> {
  const head = await stream.take(headSize);
  if (head.length < headSize) throw damage(0, 'it ends inside its header');
  const [version, coded = 0] = head.subarray(4);
  if (version !== 1) throw damage(0, `it has the version ${version}, expected 1`);
  // A power of two, less up to seven sixteenths of it.
  const size = 2 ** (coded & 31);
  if (size < 4096 || size > 2 ** 29) throw damage(0, `it has a dictionary of ${size} bytes`);
  return { lc: 3, lp: 0, pb: 2, dictionary: size - (size / 16) * (coded >> 5) };
}

function wrongIn(trailer: Buffer, sum: number, size: number): string | null {
  if (trailer.length < trailerSize) return 'it ends inside its trailer';
  if (trailer.readUInt32LE(0) !== sum) return 'its CRC-32 is wrong';
  return trailer.readBigUInt64LE(4) === BigInt(size) ? null : 'its size is wrong';
}

async function* following(first: Buffer, stream: ByteStream): AsyncIterable<Buffer> {
  try {
    if (first.length > 0) yield first;
    yield* stream.remaining();
  } finally {
    await stream.close();
  }
}
