import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { type ByteStream, byteStream } from '../compression/byte-stream.ts';
import { blockSize } from './tar-header.ts';

/** How the bytes that are stored of a sparse file make up its content; all others of its content are zeros. */
export interface Sparse {
  /** Of what is stored, where each piece belongs; null: what is stored begins with this list (format 1.0 of GNU tar). */
  readonly extents: Extents | null;
  /** Bytes in the archive. */
  readonly stored: number;
}

/** Offset and length, one pair after the other, in bytes. */
export type Extents = readonly number[];

/** Of a list of extents, as for extended headers. Go's archive/tar takes no longer one. */
export const maxMapSize = 1024 * 1024;

/** Bytes of holes that may still be made up, by all entries of an archive. */
export interface HoleBudget {
  left: number;
}

/**
 * The content of a sparse file of `size` bytes from the bytes that are stored of it. Throws MalformedInput where Go's archive/tar,
 * which runtimes unpack with, does: extents that overlap, go backwards or leave the file, and bytes that no extent has.
 */
export async function* expand(
  pieces: AsyncIterable<Buffer>,
  sparse: Sparse,
  size: number,
  holes: HoleBudget,
): AsyncIterable<Buffer> {
  const data = byteStream(pieces);
  try {
    let at = 0;
    for (const { offset, length } of await readMap(data, sparse, size)) {
      yield* zeros(offset - at, holes);
      yield* wholePart(data, length);
      at = offset + length;
    }
    yield* zeros(size - at, holes);
  } finally {
    await data.close();
  }
}

/** The same content of bytes that can be read at any place. Throws MalformedInput as `expand`. */
export async function sparseAccess(
  stored: RandomAccess,
  sparse: Sparse,
  size: number,
): Promise<RandomAccess> {
  const data = byteStream(stored.stream(0, stored.size));
  const extents = await readMap(data, sparse, size).finally(() => data.close());
  let start = sparse.extents === null ? data.position : 0;
  const placed = extents.map(({ offset, length }) => {
    start += length;
    return { offset, end: offset + length, stored: start - length };
  });
  const read = async (from: number, count: number): Promise<Buffer> => {
    const end = Math.min(from + count, size);
    const content = Buffer.alloc(Math.max(0, end - from));
    for (const extent of placed) {
      const [first, last] = [Math.max(from, extent.offset), Math.min(end, extent.end)];
      if (first >= last) continue;
      const bytes = await stored.read(extent.stored + first - extent.offset, last - first);
      bytes.copy(content, first - from);
    }
    return content;
  };
  return {
    size,
    read,
    async *stream(from, count) {
      const end = Math.min(from + count, size);
      for (let at = from; at < end; at += pieceSize)
        yield await read(at, Math.min(pieceSize, end - at));
    },
  };
}

const pieceSize = 256 * 1024;

interface Extent {
  readonly offset: number;
  readonly length: number;
}

async function readMap(
  data: ByteStream,
  { extents, stored }: Sparse,
  size: number,
): Promise<readonly Extent[]> {
  const numbers = extents ?? (await storedMap(data));
  const map = pairsOf(numbers, size);
  const mapped = map.reduce((sum, { length }) => sum + length, 0);
  const behind = stored - data.position;
  if (mapped === behind) return map;
  throw new MalformedInput(
    `a sparse file has ${behind} bytes in the archive, expected ${mapped} as its map says`,
  );
}

/** Throws MalformedInput. */
function pairsOf(numbers: Extents, size: number): readonly Extent[] {
  const map: Extent[] = [];
  let end = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    const [offset, length] = [numbers[at] ?? -1, numbers[at + 1] ?? -1];
    if (offset < end || length < 0 || offset + length > size)
      throw new MalformedInput(
        `a sparse file of ${size} bytes has ${length} bytes at offset ${offset}, expected between ${end} and its end`,
      );
    map.push({ offset, length });
    end = offset + length;
  }
  return map;
}

const zeroPiece = Buffer.alloc(64 * 1024);

function* zeros(count: number, holes: HoleBudget): Generator<Buffer, void, void> {
  for (let left = count; left > 0; left -= zeroPiece.length) {
    const length = Math.min(left, zeroPiece.length);
    holes.left -= length;
    if (holes.left < 0)
      throw new LimitExceeded('sparse files have more bytes than a layer may have');
    yield zeroPiece.subarray(0, length);
  }
}

/** Numbers of one line each: how many extents, then offset and length of each, filled up to a whole block. */
async function storedMap(data: ByteStream): Promise<Extents> {
  let text = '';
  const numbers: number[] = [];
  for (let wanted = 1; numbers.length < wanted; ) {
    const end = text.indexOf('\n');
    if (end < 0) {
      if (data.position + blockSize > maxMapSize)
        throw new MalformedInput(`the map of a sparse file has more than ${maxMapSize} bytes`);
      const block = await data.take(blockSize);
      if (block.length < blockSize) throw endsEarly();
      text += block.toString('latin1');
      continue;
    }
    numbers.push(decimal(text.slice(0, end)));
    text = text.slice(end + 1);
    if (numbers.length === 1) wanted = 1 + 2 * (numbers[0] ?? 0);
  }
  return numbers.slice(1);
}

async function* wholePart(data: ByteStream, size: number): AsyncIterable<Buffer> {
  let left = size;
  for await (const piece of data.pieces(size)) {
    left -= piece.length;
    yield piece;
  }
  if (left > 0) throw endsEarly();
}

function endsEarly(): MalformedInput {
  return new MalformedInput('a sparse file ends before the last byte that its map has');
}

/** Throws MalformedInput. */
export function decimal(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new MalformedInput(
    `the map of a sparse file has ${JSON.stringify(text.slice(0, 40))}, expected a number`,
  );
}
