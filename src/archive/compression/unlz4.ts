import { MalformedInput } from '../../base/errors.ts';
import { type Behind, sizeOf } from './behind.ts';
import { type ByteStream, byteStream } from './byte-stream.ts';
import { decodeLz4Block } from './lz4-block.ts';
import { Xxh32 } from './xxh32.ts';

const frameMagic = 0x184d2204;
const legacyMagic = 0x184c2102;
const legacyBlock = 8 * 1024 * 1024;
const mostStored = legacyBlock + legacyBlock / 255 + 16;
/** How far a block may refer to those before it. */
const reach = 64 * 1024;
const noHistory: Buffer = Buffer.alloc(0);

/**
 * The content of a file of lz4: frames one behind the other (lz4_Frame_format.md 1.6), also the legacy ones in which the
 * kernel packs itself. Everything that can be decoded is yielded before an error is thrown. Throws MalformedInput.
 */
export async function* unlz4(
  chunks: AsyncIterable<Buffer>,
  behind: Behind = () => {},
): AsyncIterable<Buffer> {
  const input = inputOf(byteStream(chunks));
  try {
    for (let first = true; first || (await input.stream.hasMore()); first = false) {
      if (!first && !(await hasFrame(input.stream))) {
        await input.stream.skipZeros();
        const rest = await sizeOf(input.stream.remaining());
        if (rest > 0) behind(rest);
        return;
      }
      for await (const bytes of frame(input, first)) {
        input.produced += bytes.length;
        yield bytes;
      }
    }
  } finally {
    await input.stream.close();
  }
}

async function hasFrame(stream: ByteStream): Promise<boolean> {
  const head = await stream.peek(4);
  const magic = head.length === 4 ? head.readUInt32LE(0) : 0;
  return magic === frameMagic || magic === legacyMagic || magic >>> 4 === 0x184d2a5;
}

interface Input {
  readonly stream: ByteStream;
  produced: number;
  damaged(why: string): MalformedInput;
  take(size: number): Promise<Buffer>;
  number(): Promise<number>;
}

function inputOf(stream: ByteStream): Input {
  return {
    stream,
    produced: 0,
    damaged(why) {
      const place = `after ${this.produced} bytes of content`;
      return new MalformedInput(`lz4 stream is damaged ${place}: ${why}`);
    },
    async take(size) {
      const bytes = await stream.take(size);
      if (bytes.length === size) return bytes;
      throw this.damaged('it ends inside a frame');
    },
    async number() {
      return (await this.take(4)).readUInt32LE(0);
    },
  };
}

async function* frame(input: Input, first: boolean): AsyncIterable<Buffer> {
  const magic = await input.number();
  if (magic === frameMagic) yield* modernFrame(input);
  else if (magic === legacyMagic) yield* legacyFrame(input);
  else if (magic >>> 4 === 0x184d2a5)
    await input.stream.skipTo(input.stream.position + (await input.number()) + 4);
  else throw input.damaged(first ? 'here no frame begins' : 'something follows its end');
}

async function* modernFrame(input: Input): AsyncIterable<Buffer> {
  const { blockSize, blockSums, contentSum, isLinked, size } = await readDescriptor(input);
  const sum = new Xxh32();
  const start = input.produced;
  let history = noHistory;
  for (let word = await input.number(); word !== 0; word = await input.number()) {
    const stored = word & 0x7fffffff;
    if (stored > blockSize) throw input.damaged(`a block has ${stored} of ${blockSize} bytes`);
    const block = await input.take(stored);
    if (blockSums) await input.take(4);
    const bytes = word < 0x80000000 ? decoded(input, block, blockSize, history) : block;
    if (isLinked) history = Buffer.from(Buffer.concat([history, bytes]).subarray(-reach));
    sum.add(bytes);
    yield bytes;
  }
  if (contentSum && (await input.number()) !== sum.sum())
    throw input.damaged('its checksum is wrong');
  if (size !== null && size !== BigInt(input.produced - start))
    throw input.damaged(`its frame has ${input.produced - start} bytes, expected ${size}`);
}

async function readDescriptor(input: Input) {
  const head = await input.take(2);
  const [flags = 0, blocks = 0] = head;
  const [hasSize, hasDictionary] = [(flags & 8) !== 0, (flags & 1) !== 0];
  if (flags >>> 6 !== 1) throw input.damaged(`its frame has the version ${flags >>> 6}`);
  if (hasDictionary) throw input.damaged('its frame needs a dictionary');
  const sizeBytes = await input.take(hasSize ? 8 : 0);
  const sum = new Xxh32();
  sum.add(Buffer.concat([head, sizeBytes]));
  const [checksum] = await input.take(1);
  if (checksum !== ((sum.sum() >>> 8) & 0xff))
    throw input.damaged('the checksum of its frame is wrong');
  const code = (blocks >>> 4) & 7;
  if (code < 4) throw input.damaged(`its frame has blocks of size ${code}, expected 4 to 7`);
  return {
    blockSize: 1 << (8 + 2 * code),
    isLinked: (flags & 0x20) === 0,
    blockSums: (flags & 0x10) !== 0,
    contentSum: (flags & 4) !== 0,
    size: hasSize ? sizeBytes.readBigUInt64LE(0) : null,
  };
}

/** Blocks up to the end of the file, or to another frame; behind the last one a kernel has its size. */
async function* legacyFrame(input: Input): AsyncIterable<Buffer> {
  for (let first = true; await input.stream.hasMore(); first = false) {
    const head = await input.stream.peek(4);
    const size = head.length === 4 ? head.readUInt32LE(0) : 0;
    if (size === frameMagic || size === legacyMagic) return;
    // The frame has no end of its own: what no block can be follows it.
    if (!first && size > mostStored && !(await isLast(input.stream))) return;
    await input.stream.take(4);
    if (!(await input.stream.hasMore())) {
      if (head.length === 4) return;
      throw input.damaged('it ends inside a frame');
    }
    if (size > mostStored) throw input.damaged(`a block has ${size} bytes`);
    yield decoded(input, await input.take(size), legacyBlock, noHistory);
  }
}

/** Of a kernel its size, of four bytes. */
async function isLast(stream: ByteStream): Promise<boolean> {
  return (await stream.peek(5)).length <= 4;
}

function decoded(input: Input, block: Buffer, most: number, history: Buffer): Buffer {
  try {
    return decodeLz4Block(block, most, history);
  } catch (error) {
    throw error instanceof MalformedInput ? input.damaged(error.message) : error;
  }
}
