import { MalformedInput } from '../../base/errors.ts';
import type { Behind } from './behind.ts';
import { Bzip2Bits } from './bzip2-bits.ts';
import { readBlock } from './bzip2-block.ts';
import { contentOf } from './bzip2-content.ts';

/** No block is longer as stored: 900,000 symbols of 20 bits, and what stands before them. */
const longestBlock = 3 * 1024 * 1024;

/**
 * The content of a bzip2 file, also of several streams one behind the other. Everything that can be decoded is yielded
 * before an error, be it of the stream or of `chunks`, is thrown. Throws MalformedInput.
 *
 * Own code, since the libraries for it (seek-bzip 2.0.0, unbzip2-stream 1.4.3) never end on a block whose run overflows
 * 32 bits.
 */
export async function* unbzip2(
  chunks: AsyncIterable<Buffer>,
  behind: Behind = () => {},
): AsyncIterable<Buffer> {
  const input = inputOf(chunks);
  let produced = 0;
  try {
    for await (const bytes of streams(input, behind)) {
      produced += bytes.length;
      yield bytes;
    }
  } catch (error) {
    const failure = input.failure();
    if (failure !== null) throw failure.error;
    if (!(error instanceof MalformedInput)) throw error;
    const text = `bzip2 stream is damaged after ${produced} bytes of content: ${error.message}`;
    throw new MalformedInput(text);
  } finally {
    await input.close();
  }
}

async function* streams(input: Input, behind: Behind): AsyncIterable<Buffer> {
  const { bits } = input;
  for (let first = true; (await input.fill(longestBlock)) || first; first = false) {
    if (!first && isPadding(bits.rest())) {
      bits.continueWith(Buffer.alloc(0));
      continue;
    }
    if (!first && !isStream(bits.rest())) {
      behind(await input.size());
      return;
    }
    const links = beginStream(bits, first);
    let sum = 0;
    for (; beginsBlock(bits); await input.fill(longestBlock)) {
      const checksum = bits.takeWord();
      sum = ((sum << 1) | (sum >>> 31)) ^ checksum;
      yield* contentOf(readBlock(bits, links), checksum);
    }
    if (bits.takeWord() !== sum >>> 0)
      throw new MalformedInput('the checksum of the stream is wrong');
    bits.align();
  }
}

/** Room for the links of a block of this stream. */
function beginStream(bits: Bzip2Bits, first: boolean): Uint32Array {
  const magic = bits.left >= 4 ? bits.take(24) : 0;
  const level = magic === 0x425a68 ? bits.take(8) - 0x30 : 0;
  if (level < 1 || level > 9)
    throw new MalformedInput(first ? 'here no bzip2 stream begins' : 'something follows its end');
  return new Uint32Array(level * 100_000);
}

/** Pi begins a block, the square root of pi the end. */
function beginsBlock(bits: Bzip2Bits): boolean {
  const [high, low] = [bits.take(24), bits.take(24)];
  if (high === 0x314159 && low === 0x265359) return true;
  if (high === 0x177245 && low === 0x385090) return false;
  throw new MalformedInput('here neither a block begins nor the stream ends');
}

function isStream(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 3) === 'BZh';
}

function isPadding(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

type Input = ReturnType<typeof inputOf>;

function inputOf(chunks: AsyncIterable<Buffer>) {
  const source = chunks[Symbol.asyncIterator]();
  const bits = new Bzip2Bits();
  let ended = false;
  let failure: { readonly error: unknown } | null = null;

  /** null at the end, and where the source fails: what came before is decoded first. */
  async function next(): Promise<Buffer | null> {
    try {
      const { done, value } = await source.next();
      if (!done) return value;
    } catch (error) {
      failure = { error };
    }
    ended = true;
    return null;
  }

  return {
    bits,
    failure: () => failure,
    /** Whether there is more, after seeing to so many bytes if they are there. Throws what the source threw. */
    async fill(size: number): Promise<boolean> {
      const parts = [bits.rest()];
      let have = bits.left;
      while (have < size && !ended) {
        const chunk = await next();
        if (chunk === null) break;
        parts.push(chunk);
        have += chunk.length;
      }
      if (parts.length > 1) bits.continueWith(Buffer.concat(parts));
      if (have === 0 && failure !== null) throw failure.error;
      return have > 0;
    },
    /** Bytes of what is left. Throws what the source threw. */
    async size(): Promise<number> {
      let size = bits.left;
      for (let chunk = await next(); chunk !== null; chunk = await next()) size += chunk.length;
      if (failure !== null) throw failure.error;
      return size;
    },
    async close() {
      await source.return?.();
    },
  };
}
