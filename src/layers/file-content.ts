import type { Entry } from '../archive/entry.ts';
import { bufferAccess, type HeldRange } from '../archive/random-access.ts';
import { type ElfContent, lookSize, placeOf } from '../extraction/elf-content.ts';
import type { Limits } from '../limits.ts';
import type { Problem } from '../problem.ts';
import { decodeName } from '../text.ts';
import type { FileMemory } from './file-memory.ts';
import type { Kept, Nesting } from './nesting.ts';

/** What is kept of a file's body. */
export interface FileContent {
  /** The whole file, to be released, when it begins as an ELF file does. */
  readonly elf: ElfContent | null;
  /** The whole file, when it is wanted as a text and is not an ELF file. */
  readonly text: Buffer | null;
  /** The whole file, when others may lie in it and it is no ELF file. To be closed. */
  readonly container: Kept | null;
  /** As in CatalogEntry. */
  readonly shebang: string | null;
  /** Why a file that is wanted whole was not read. */
  readonly problem: Omit<Problem, 'where'> | null;
}

export interface ContentOptions {
  readonly limits: Limits;
  readonly isText: boolean;
  /** Where ELF files go that cannot be read where they lie. */
  readonly memory: FileMemory;
  /** null: all of them go there, also those that are larger than it. */
  readonly spool: Spool | null;
  /** null: containers are files as any other. */
  readonly nesting: Nesting | null;
}

/**
 * Writes `size` bytes or fewer into a file; null where there is no room, before the first of them is read. Throws what they
 * throw.
 */
export type Spool = (bytes: AsyncIterable<Buffer>, size: number) => Promise<HeldRange | null>;

/** Reads no more of the body than it keeps. Throws what the body throws. */
export async function readContent(entry: Entry, options: ContentOptions): Promise<FileContent> {
  const pieces = entry.body()[Symbol.asyncIterator]();
  try {
    const head = await readHead(pieces, nothing, headSize);
    const content = {
      elf: null,
      text: null,
      container: null,
      shebang: shebangOf(head),
      problem: null,
    };
    const isElf = head.subarray(0, elfMagic.length).equals(elfMagic);
    const isPlain = isElf || options.isText;
    const container = isPlain ? null : await containerOf(entry, head, pieces, options);
    if (container !== null) return { ...content, container };
    // A body that is empty against its size could not be opened: its source has reported that.
    if (!isElf && (!options.isText || (head.length === 0 && entry.size > 0))) return content;
    const limit = isElf ? options.limits.maxFileSize : options.limits.maxTextSize;
    if (entry.size > limit) return { ...content, problem: tooLarge(entry.size, limit) };
    if (isElf) return { ...content, ...(await readElf(entry, head, pieces, options)) };
    const { size, whole } = await readWhole(entry.size, head, pieces, null);
    return { ...content, text: whole, problem: whole ? null : wrongSize(size, entry.size) };
  } finally {
    await pieces.return?.();
  }
}

const nothing = Buffer.alloc(0);
const elfMagic = Buffer.from('\x7fELF', 'latin1');
const shebangSize = 256;
/** A tar is told by bytes up to 262. */
const headSize = 512;

/** Where it lies, if that is a file; else in a file of its own if it is large, or in memory. */
async function readElf(
  { size, hold }: Entry,
  head: Buffer,
  pieces: AsyncIterator<Buffer>,
  { memory, spool }: ContentOptions,
): Promise<Pick<FileContent, 'elf' | 'problem'>> {
  const there = hold?.() ?? null;
  if (there !== null) return { elf: await heldElf(there, head), problem: null };
  if (spool !== null && size > memory.largest) {
    // One byte more than expected is enough to know that there are too many.
    const spooled = await spool(atMost(size + 1, from(head, pieces)), size + 1);
    if (spooled?.length === size) return { elf: await heldElf(spooled, head), problem: null };
    spooled?.release();
    if (spooled !== null) return { elf: null, problem: wrongSize(spooled.length, size) };
  }
  const { size: found, whole } = await readWhole(size, head, pieces, memory);
  return whole === null
    ? { elf: null, problem: wrongSize(found, size) }
    : { elf: elfInMemory(whole, memory), problem: null };
}

async function* atMost(size: number, bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let left = size;
  for await (const piece of bytes) {
    yield piece.subarray(0, left);
    left -= Math.min(left, piece.length);
    if (left === 0) return;
  }
}

/** What was read of it comes in pieces of any size. */
async function heldElf(held: HeldRange, read: Buffer): Promise<ElfContent> {
  const { descriptor, offset, length, bytes, release } = held;
  const place = { kind: 'file', descriptor, offset, length } as const;
  if (read.length >= Math.min(lookSize, length))
    return { place, head: read.subarray(0, lookSize), bytes, release };
  try {
    return { place, head: await bytes.read(0, lookSize), bytes, release };
  } catch (error) {
    release();
    throw error;
  }
}

function elfInMemory(whole: Buffer, memory: FileMemory): ElfContent {
  return {
    place: placeOf(whole),
    head: whole.subarray(0, lookSize),
    bytes: bufferAccess(whole),
    release: () => memory.release(whole),
  };
}

/** null: nothing can lie in it, and there is nothing to read on for. */
async function containerOf(
  entry: Entry,
  head: Buffer,
  pieces: AsyncIterator<Buffer>,
  { nesting }: ContentOptions,
): Promise<Kept | null> {
  if (nesting === null) return null;
  let seen = head;
  let suspicion = await nesting.suspects(seen, entry.size);
  if (suspicion === 'more') {
    seen = await readHead(pieces, seen, nesting.headSize);
    suspicion = await nesting.suspects(seen, entry.size);
  }
  if (suspicion !== 'yes') return null;
  const { content } = entry;
  if (content !== undefined)
    return { bytes: content, refusal: null, damage: null, close: () => {} };
  return nesting.keep(from(seen, pieces), entry.size);
}

/** What was read already, and the rest. */
async function* from(head: Buffer, pieces: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  yield head;
  yield* { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) };
}

/** At least `size` bytes from the beginning, `known` among them; fewer only where the body ends. */
async function readHead(
  pieces: AsyncIterator<Buffer>,
  known: Buffer,
  size: number,
): Promise<Buffer> {
  let head = known;
  while (head.length < size) {
    const { done, value } = await pieces.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return head;
}

/** `whole` is null when there were `size` bytes instead of those expected; one more than expected is enough to know. */
async function readWhole(
  expected: number,
  head: Buffer,
  pieces: AsyncIterator<Buffer>,
  memory: FileMemory | null,
): Promise<{ readonly whole: Buffer | null; readonly size: number }> {
  const whole = memory ? await memory.take(expected) : Buffer.allocUnsafeSlow(expected);
  let kept = false;
  try {
    head.copy(whole);
    let size = head.length;
    while (size <= expected) {
      const { done, value } = await pieces.next();
      if (done) break;
      value.copy(whole, size);
      size += value.length;
    }
    kept = size === expected;
    return { whole: kept ? whole : null, size };
  } finally {
    if (!kept) memory?.release(whole);
  }
}

function tooLarge(size: number, limit: number) {
  return { kind: 'limit', message: `file has ${size} bytes, the limit is ${limit}` } as const;
}

function wrongSize(size: number, expected: number) {
  return { kind: 'damaged', message: `file has ${size} bytes, expected ${expected}` } as const;
}

function shebangOf(head: Buffer): string | null {
  if (head[0] !== 0x23 || head[1] !== 0x21) return null;
  const line = head.subarray(2, 2 + shebangSize);
  const end = line.indexOf(0x0a);
  return decodeName(end < 0 ? line : line.subarray(0, end));
}
