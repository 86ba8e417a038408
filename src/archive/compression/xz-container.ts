import type { ByteStream } from './byte-stream.ts';
import { type CodeFilter, filterIn, plainBlockHeader, sumOf } from './xz-block-header.ts';

const headerSize = 12;
const headerMagic = 'fd377a585a00';
const footerMagic = 'YZ';
const sumSize = 32;

/**
 * Whether the first stream needs something that the decoder does not know: SHA-256 as its check, or a filter before
 * LZMA2 in its first block.
 */
export function needsRewriting(head: Buffer): boolean {
  if (!isHeader(head)) return false;
  return head[7] === sha256Check || filterIn(head.subarray(headerSize)) !== null;
}

/** As many bytes as `needsRewriting` looks at. */
export const rewritingHead = 64;

const sha256Check = 10;

function isHeader(head: Buffer): boolean {
  return head.toString('hex', 0, 6) === headerMagic && head[6] === 0;
}

/** Whether a stream begins so, be it of a version that is not known. */
export function isXzHeader(head: Buffer): boolean {
  return head.toString('hex', 0, headerMagicSize) === headerMagic;
}

export const headerMagicSize = 6;

/** Called for the blocks while they are copied. */
export interface BlockListener {
  /** Before its first byte. `check` is the number of the kind of its check. */
  begins(filter: CodeFilter | null, check: number): void;
  /** Behind its last byte. */
  ends(contentSize: number, check: Buffer): void;
}

/** A block as the index of its stream lists it. */
interface Block {
  /** Bytes without padding and check. */
  readonly stored: number;
  /** The same when the header is rewritten. */
  readonly rewritten: number;
  readonly content: number;
}

/**
 * Streams rewritten as streams without a check and without filters before LZMA2: what follows the blocks is left out
 * and reported to the listener, and headers, index and footer are changed accordingly. The headers of LZMA2 chunks show
 * where blocks end. Unexpected bytes are passed on unchanged, and the decoder reports what is wrong with them.
 */
export async function* plainXzStreams(
  stream: ByteStream,
  listener: BlockListener,
): AsyncIterable<Buffer> {
  for (let first = true; await stream.hasMore(); first = false) {
    const header = await stream.peek(headerSize);
    // Something else follows: the reader of the stream reports it.
    if (!first && header[0] !== 0 && !isXzHeader(header)) return;
    if (header.length < headerSize || !isHeader(header)) {
      // Padding between streams has four bytes; the decoder refuses the rest.
      yield await stream.take(header[0] === 0 ? 4 : headerSize);
      continue;
    }
    await stream.take(headerSize);
    yield streamHeader();
    const kind = header[7] ?? 0;
    const checkSize = checkSizes.get(kind) ?? 0;
    const blocks: Block[] = [];
    for (let size = await nextHeaderSize(stream); size > 4; size = await nextHeaderSize(stream)) {
      const head = await stream.take(size);
      const filter = filterIn(head);
      listener.begins(filter, kind);
      const plain = filter === null ? head : plainBlockHeader(head);
      yield plain;
      const { stored, content } = yield* copyChunks(stream, size);
      const check = await stream.take(checkSize);
      blocks.push({ stored, rewritten: stored - size + plain.length, content });
      if (check.length === checkSize) listener.ends(content, check);
    }
    yield* rewrittenEnd(stream, blocks, kind);
  }
}

/** Bytes of the check behind each block, by the number in the flags of the stream. */
const checkSizes: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [4, 8],
  [sha256Check, sumSize],
]);

/** The bytes of the one stream that begins here, by the same headers, up to the end of its footer. */
export async function* copyXzStream(stream: ByteStream): AsyncIterable<Buffer> {
  const header = await stream.take(headerSize);
  yield header;
  const check = checkSizes.get((header[7] ?? 0) & 0xf) ?? 0;
  let blocks = 0;
  for (let size = await nextHeaderSize(stream); size > 4; size = await nextHeaderSize(stream)) {
    yield await stream.take(size);
    yield* copyChunks(stream, size);
    yield await stream.take(check);
    blocks += 1;
  }
  const start = stream.position;
  yield await stream.take(1);
  // The number of records, and two numbers for each.
  for (let left = 1 + 2 * blocks; left > 0; left -= 1) {
    for (;;) {
      const byte = await stream.take(1);
      yield byte;
      if ((byte[0] ?? 0) < 0x80) break;
    }
  }
  const size = stream.position - start;
  yield await stream.take(((4 - (size % 4)) % 4) + sumSizeOfIndex + headerSize);
}

const sumSizeOfIndex = 4;

/** A first byte of 0, as which the size would be 4, begins the index. */
async function nextHeaderSize(stream: ByteStream): Promise<number> {
  const [first = 0] = await stream.peek(1);
  return (first + 1) * 4;
}

/** Behind a header of so many bytes. */
async function* copyChunks(stream: ByteStream, header: number) {
  const start = stream.position - header;
  let content = 0;
  for (;;) {
    const control = await stream.take(1);
    yield control;
    const [kind = 0] = control;
    if (kind === 0) break;
    const sizes = await stream.take(kind < 0x80 ? 2 : 4);
    yield sizes;
    const chunk = chunkSizes(kind, sizes);
    content += chunk.content;
    yield* stream.pieces(chunk.stored);
  }
  const stored = stream.position - start;
  yield await stream.take((4 - (stored % 4)) % 4);
  return { stored, content };
}

/** LZMA2 (liblzma's lzma2_decoder.c): a plain chunk has one size, a compressed one two, and maybe a byte of properties. */
function chunkSizes(kind: number, sizes: Buffer) {
  if (sizes.length < (kind < 0x80 ? 2 : 4)) return { stored: 0, content: 0 };
  const first = sizes.readUInt16BE(0) + 1;
  if (kind < 0x80) return { stored: first, content: first };
  const properties = kind >= 0xc0 ? 1 : 0;
  return { stored: sizes.readUInt16BE(2) + 1 + properties, content: ((kind & 0x1f) << 16) + first };
}

/** The index and footer that fit the blocks as they are now, if those that are there fitted them as they were. */
async function* rewrittenEnd(
  stream: ByteStream,
  blocks: readonly Block[],
  kind: number,
): AsyncIterable<Buffer> {
  const check = checkSizes.get(kind) ?? 0;
  const old = indexOf(blocks.map(({ stored, content }) => [stored + check, content]));
  const found = await stream.take(old.length + headerSize);
  if (!found.equals(Buffer.concat([old, streamFooter(old.length, kind)]))) {
    yield found;
    return;
  }
  const index = indexOf(blocks.map(({ rewritten, content }) => [rewritten, content]));
  yield index;
  yield streamFooter(index.length, 0);
}

function streamHeader(): Buffer {
  return Buffer.concat([
    Buffer.from(headerMagic, 'hex'),
    Buffer.from([0, 0]),
    sumOf(Buffer.from([0, 0])),
  ]);
}

function streamFooter(indexSize: number, check: number): Buffer {
  const fields = Buffer.alloc(6);
  fields.writeUInt32LE(indexSize / 4 - 1, 0);
  fields[5] = check;
  return Buffer.concat([sumOf(fields), fields, Buffer.from(footerMagic)]);
}

function indexOf(records: readonly (readonly number[])[]): Buffer {
  const numbers = [records.length, ...records.flat()];
  const bytes = Buffer.from([0, ...numbers.flatMap(variableLength)]);
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  return Buffer.concat([padded, sumOf(padded)]);
}

/** Seven bits a byte, the lowest first. */
function variableLength(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}
