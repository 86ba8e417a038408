import { crc32 } from 'node:zlib';
import { MalformedInput } from '../../base/errors.ts';
import { type Behind, sizeOf } from './behind.ts';
import { type ByteStream, byteStream } from './byte-stream.ts';
import { decodeLzoBlock } from './lzo-block.ts';

export const lzopMagic = Buffer.from('894c5a4f000d0a1a0a', 'hex');

/** lzop itself refuses larger ones (MAX_BLOCK_SIZE). */
const largestBlock = 64 * 1024 * 1024;

const flag = { adler: 1, adlerStored: 2, extra: 0x40, crc: 0x100, crcStored: 0x200, filter: 0x800 };

/** With this version (0.94) fields came to the header. */
const laterVersion = 0x940;

/**
 * The content of a file of lzop, as its source (1.04) and the kernel (lib/decompress_unlzo.c) read it. Everything that can
 * be decoded is yielded before an error is thrown. Throws MalformedInput.
 */
export async function* unlzop(
  chunks: AsyncIterable<Buffer>,
  behind: Behind = () => {},
): AsyncIterable<Buffer> {
  const stream = byteStream(chunks);
  let produced = 0;
  const damaged = (why: string) =>
    new MalformedInput(`lzop stream is damaged after ${produced} bytes of content: ${why}`);
  const input = inputOf(stream, damaged);
  try {
    for (let first = true; first || (await hasFile(stream)); first = false) {
      const flags = await readHeader(input, first);
      for (let size = await input.number(); size !== 0; size = await input.number()) {
        const bytes = await readBlock(input, size, flags);
        produced += bytes.length;
        yield bytes;
      }
    }
    const rest = await sizeOf(stream.remaining());
    if (rest > sizeOfKernel) behind(rest);
  } finally {
    await stream.close();
  }
}

/** An initramfs has zeros behind its end. */
async function hasFile(stream: ByteStream): Promise<boolean> {
  if ((await stream.peek(lzopMagic.length)).equals(lzopMagic)) return true;
  await stream.skipZeros();
  return (await stream.peek(lzopMagic.length)).equals(lzopMagic);
}

/** A kernel has its size behind its end. */
const sizeOfKernel = 4;

interface Input {
  take(size: number): Promise<Buffer>;
  number(bytes?: 1 | 2 | 4): Promise<number>;
  damaged(why: string): MalformedInput;
}

function inputOf(stream: ByteStream, damaged: (why: string) => MalformedInput): Input {
  async function take(size: number): Promise<Buffer> {
    const bytes = await stream.take(size);
    if (bytes.length === size) return bytes;
    throw damaged('it ends too early');
  }
  return { take, damaged, number: async (bytes = 4) => (await take(bytes)).readUIntBE(0, bytes) };
}

/** Returns the flags. */
async function readHeader(input: Input, first: boolean): Promise<number> {
  if (!(await input.take(lzopMagic.length)).equals(lzopMagic))
    throw input.damaged(first ? 'here no file of lzop begins' : 'something follows its end');
  const version = await input.number(2);
  await input.take(version >= laterVersion ? 4 : 2);
  const method = await input.number(1);
  if (method < 1 || method > 3)
    throw input.damaged(`it is packed by method ${method}, expected 1 to 3`);
  if (version >= laterVersion) await input.take(1);
  const flags = await input.number();
  if ((flags & flag.filter) !== 0) throw input.damaged('it has a filter, which is not supported');
  await input.take(version >= laterVersion ? 12 : 8);
  await input.take(await input.number(1));
  await input.take(4);
  if ((flags & flag.extra) !== 0) {
    const size = await input.number();
    if (size > largestBlock) throw input.damaged(`its extra field has ${size} bytes`);
    await input.take(size + 4);
  }
  return flags;
}

async function readBlock(input: Input, size: number, flags: number): Promise<Buffer> {
  const stored = await input.number();
  if (size > largestBlock || stored > size || stored === 0)
    throw input.damaged(`a block of ${size} bytes is stored in ${stored}`);
  const adler = (flags & flag.adler) === 0 ? null : await input.number();
  const crc = (flags & flag.crc) === 0 ? null : await input.number();
  // Sums of what is stored: those of the content say more.
  if (stored < size) {
    if ((flags & flag.adlerStored) !== 0) await input.take(4);
    if ((flags & flag.crcStored) !== 0) await input.take(4);
  }
  const block = await input.take(stored);
  const bytes = stored < size ? decoded(input, block, size) : block;
  if (bytes.length !== size) throw input.damaged(`a block has ${bytes.length} of ${size} bytes`);
  if ((adler !== null && adler !== adler32(bytes)) || (crc !== null && crc !== crc32(bytes)))
    throw input.damaged('the checksum of a block is wrong');
  return bytes;
}

function decoded(input: Input, block: Buffer, size: number): Buffer {
  try {
    return decodeLzoBlock(block, size);
  } catch (error) {
    throw error instanceof MalformedInput ? input.damaged(error.message) : error;
  }
}

/** Of RFC 1950. */
function adler32(bytes: Buffer): number {
  let low = 1;
  let high = 0;
  let count = 0;
  for (const byte of bytes) {
    low += byte;
    high += low;
    count += 1;
    // As far as 32 bits hold without a remainder taken.
    if (count % 5552 !== 0) continue;
    low %= 65521;
    high %= 65521;
  }
  return ((high % 65521) * 65536 + (low % 65521)) >>> 0;
}
