import type { Entry } from '../../archive/entry.ts';
import type { Limits } from '../../base/limits.ts';
import type { OtherAlgorithm } from '../../base/package-managers.ts';
import type { Problem } from '../../base/problem.ts';
import { bufferAccess, type HeldRange } from '../../base/random-access.ts';
import { decodeName } from '../../base/text.ts';
import { type ElfContent, lookOf, lookSize, placeOf } from '../../extraction/elf-content.ts';
import type { Kept, Nesting } from '../inside/nesting.ts';
import { carrierOf, keptAt } from './archive-at-end.ts';
import { atMost, from, readHead, readWhole, wrongSize } from './body.ts';
import type { FileMemory } from './file-memory.ts';

/** What is kept of a file's body. */
export interface FileContent {
  /** The whole file, to be released, when it begins as an ELF file does. */
  readonly elf: ElfContent | null;
  /** The whole file, when it is wanted as a text and is not an ELF file, or is a small list of paths. */
  readonly text: Buffer | null;
  /** The whole file, when others may lie in it and it is not an ELF file. To be closed. */
  readonly container: Kept | null;
  /** As in CatalogEntry. */
  readonly shebang: string | null;
  /** Why a file that is wanted whole was not read. */
  readonly problem: Omit<Problem, 'where'> | null;
}

export interface ContentOptions {
  readonly limits: Limits;
  /** By the first bytes of a file. */
  readonly isText: (head: Buffer) => boolean;
  /** Where ELF files go that cannot be read where they lie. */
  readonly memory: FileMemory;
  /** null: all of them go there, also those that are larger than it. */
  readonly spool: Spool | null;
  /** null: containers are files as any other. */
  readonly nesting: Nesting | null;
  /** What a database of packages may know an ELF file of this size by. Asked once of each. */
  readonly digestsOf: (size: number) => readonly OtherAlgorithm[];
}

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
    const isProgram = isElf || (options.nesting?.mayLackMagic(head, entry.size) ?? false);
    const isText = !isProgram && options.isText(head);
    const isPlain = isElf || isText;
    const container = isPlain ? null : await containerOf(entry, head, pieces, options);
    if (container !== null) return { ...content, container };
    // A body that is empty against its size could not be opened: its source has reported that.
    if (!isElf && !isText) return { ...content, text: listOfPaths(head, entry.size) };
    if (!isElf && head.length === 0 && entry.size > 0) return content;
    const limit = isElf ? options.limits.maxFileSize : options.limits.maxTextSize;
    if (entry.size > limit) return { ...content, problem: tooLarge(entry.size, limit) };
    if (isElf) return { ...content, ...(await readElf(entry, head, pieces, options)) };
    const { size, whole } = await readWhole(entry.size, head, pieces, null);
    if (whole === null) return { ...content, problem: wrongSize(size, entry.size) };
    return { ...content, text: whole, container: await containerInText(whole, options) };
  } finally {
    await pieces.return?.();
  }
}

const nothing = Buffer.alloc(0);
const elfMagic = Buffer.from('\x7fELF', 'latin1');
const shebangSize = 256;
/** A tar is recognised by bytes up to 262. */
const headSize = 512;

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
  while (typeof suspicion === 'number' && seen.length < Math.min(suspicion, entry.size)) {
    const known = seen.length;
    seen = await readHead(pieces, seen, suspicion);
    suspicion = seen.length > known ? await nesting.suspects(seen, entry.size) : 'no';
  }
  const { content } = entry;
  if (suspicion !== 'yes') return carrierOf(entry, seen, pieces, nesting);
  if (content !== undefined) return keptAt(content);
  return nesting.keep(from(seen, pieces), entry.size);
}

/** A script unpacks what is behind it, and a file that is wanted as a text may be an archive whose first name is chosen so. */
async function containerInText(text: Buffer, { nesting }: ContentOptions): Promise<Kept | null> {
  if (nesting === null) return null;
  const bytes = bufferAccess(text);
  const holds = (await nesting.suspects(text, text.length)) === 'yes';
  return holds || (await nesting.carries(bytes)) ? keptAt(bytes) : null;
}

/**
 * A small text that begins with a path, which costs nothing more to read: a link in another layer may lead to it, and
 * then its own name is not on the list of names. null: another file, also one that begins with a C comment.
 */
function listOfPaths(head: Buffer, size: number): Buffer | null {
  const [first, second] = head;
  const isComment = second === 0x2f || second === 0x2a;
  return size === head.length && size <= headSize && first === 0x2f && !isComment
    ? Buffer.from(head)
    : null;
}

function tooLarge(size: number, limit: number) {
  return { kind: 'limit', message: `file has ${size} bytes, the limit is ${limit}` } as const;
}

function shebangOf(head: Buffer): string | null {
  if (head[0] !== 0x23 || head[1] !== 0x21) return null;
  const line = head.subarray(2, 2 + shebangSize);
  const end = line.indexOf(0x0a);
  return decodeName(end < 0 ? line : line.subarray(0, end));
}

/**
 * Writes `size` bytes or fewer into a file; null where there is no room, before the first of them is read. Throws what they
 * throw.
 */
export type Spool = (bytes: AsyncIterable<Buffer>, size: number) => Promise<HeldRange | null>;

/** Where it lies, if that is a file; else in a file of its own if it is large, or in memory. */
async function readElf(
  { size, hold }: Entry,
  head: Buffer,
  pieces: AsyncIterator<Buffer>,
  { memory, spool, digestsOf }: ContentOptions,
): Promise<Pick<FileContent, 'elf' | 'problem'>> {
  const there = hold?.() ?? null;
  if (there !== null) return { elf: await heldElf(there, head, digestsOf(size)), problem: null };
  if (spool !== null && size > memory.largest) {
    // One byte more than expected is enough to know that there are too many.
    const spooled = await spool(atMost(size + 1, from(head, pieces)), size + 1);
    if (spooled?.length === size)
      return { elf: await heldElf(spooled, head, digestsOf(size)), problem: null };
    spooled?.release();
    if (spooled !== null) return { elf: null, problem: wrongSize(spooled.length, size) };
  }
  const { size: found, whole } = await readWhole(size, head, pieces, memory);
  return whole === null
    ? { elf: null, problem: wrongSize(found, size) }
    : { elf: elfInMemory(whole, () => memory.release(whole), digestsOf(size)), problem: null };
}

/** What was read of it comes in pieces of any size. */
async function heldElf(
  held: HeldRange,
  read: Buffer,
  digests: readonly OtherAlgorithm[],
): Promise<ElfContent> {
  const { descriptor, offset, length, bytes, release } = held;
  const place = { kind: 'file', descriptor, offset, length, digests } as const;
  try {
    const isThere = read.length >= Math.min(lookSize, length);
    const head = isThere ? read.subarray(0, lookSize) : await bytes.read(0, lookSize);
    return { place, look: lookOf(head, length), head, bytes, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** A copy where its memory is not shared. */
export function elfInMemory(
  whole: Buffer,
  release: () => void,
  digests: readonly OtherAlgorithm[],
): ElfContent {
  const head = whole.subarray(0, lookSize);
  return {
    place: placeOf(whole, digests),
    look: lookOf(head, whole.length),
    head,
    bytes: bufferAccess(whole),
    release,
  };
}
