import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { decodeName, printableName } from '../../base/text.ts';
import { type ByteStream, byteStream } from '../compression/byte-stream.ts';
import { compressionOf, longestMagic } from '../decompress.ts';
import type { Entry, EntryWalk } from '../entry.ts';
import { decompressPart } from './compressed-part.ts';
import {
  type CpioHeader,
  isCpio,
  type ListedFiles,
  readCpioHeader,
  skipPadding,
} from './cpio-header.ts';

const trailer = 'TRAILER!!!';

/**
 * Entries of a cpio, or of several with zeros between, each compressed or not: as the kernel reads an
 * initramfs (Documentation/driver-api/early-userspace/buffer-format.rst). Everything that could be read is yielded
 * before an error of `chunks` or of the archive is thrown. `listed`: the files of an archive without names. Throws MalformedInput, LimitExceeded.
 */
export async function* cpioEntries(
  chunks: AsyncIterable<Buffer>,
  limits: Limits,
  listed?: () => Promise<ListedFiles>,
): EntryWalk {
  const outer = byteStream(chunks);
  const count = counter(limits);
  try {
    while ((yield* archivesIn(outer, limits, count, 'outer', listed)) === 'compressed') {
      const inner = byteStream(decompressPart(outer, limits));
      try {
        yield* archivesIn(inner, limits, count, 'inner', listed);
      } finally {
        await inner.close();
      }
    }
  } finally {
    await outer.close();
  }
}

/** Ends at the end of the stream, or where a compressed part begins. */
async function* archivesIn(
  stream: ByteStream,
  limits: Limits,
  count: (stream: ByteStream, header: CpioHeader) => void,
  level: 'outer' | 'inner',
  listed: (() => Promise<ListedFiles>) | undefined,
): AsyncGenerator<Entry, 'compressed' | 'end', undefined> {
  let links = new HardLinks();
  let inArchive = false;
  for (;;) {
    if (!inArchive) await stream.skipZeros();
    if (!(await stream.hasMore())) break;
    const head = inArchive ? null : await stream.peek(longestMagic);
    if (head !== null && level === 'outer' && !isCpio(head) && compressionOf(head) !== 'none')
      return 'compressed';
    const start = stream.position;
    const header = await readCpioHeader(stream, limits, listed);
    const body = stream.position;
    inArchive = header.name !== trailer;
    if (inArchive) {
      count(stream, header);
      yield* links.resolve(header, await entryOf(header, stream));
    } else {
      yield* links.left();
      links = new HardLinks();
    }
    await skipPadding(stream, start, body - start + header.size, header.alignment);
    if (stream.position < body + header.size) throw endsInside(header, stream);
  }
  yield* links.left();
  if (inArchive)
    throw new MalformedInput(`cpio ends at byte ${stream.position} without ${trailer}`);
  return 'end';
}

function counter({ maxEntries, maxLayerSize }: Limits) {
  let entries = 0;
  let earlier = 0;
  let last: ByteStream | null = null;
  return (stream: ByteStream, { size }: CpioHeader) => {
    entries += 1;
    if (entries > maxEntries)
      throw new LimitExceeded(`archive has more than ${maxEntries} entries`);
    if (last !== null && last !== stream) earlier += last.position;
    last = stream;
    if (earlier + stream.position + size > maxLayerSize)
      throw new LimitExceeded(`archive has more than ${maxLayerSize} bytes`);
  };
}

async function entryOf(header: CpioHeader, stream: ByteStream): Promise<Entry> {
  const { name, type, mode, uid, gid, size } = header;
  const isFile = type === 'file';
  return {
    path: name,
    type,
    size: isFile ? size : 0,
    mode,
    uid,
    gid,
    linkTarget: type === 'symlink' ? await linkTarget(header, stream) : '',
    capability: null,
    body: () => bodyOf(header, stream),
  };
}

/** The body of a symbolic link is its target; Linux has none longer (PATH_MAX). */
const longestTarget = 4096;

async function linkTarget(header: CpioHeader, stream: ByteStream): Promise<string> {
  if (header.size > longestTarget) {
    throw new MalformedInput(
      `the target of "${printableName(header.name)}" has ${header.size} bytes, expected at most ${longestTarget}`,
    );
  }
  const target = await stream.take(header.size);
  if (target.length < header.size) throw endsInside(header, stream);
  const end = target.indexOf(0);
  return decodeName(end < 0 ? target : target.subarray(0, end));
}

async function* bodyOf(header: CpioHeader, stream: ByteStream): AsyncIterable<Buffer> {
  if (header.type !== 'file') return;
  let sum = 0;
  let size = 0;
  for await (const piece of stream.pieces(header.size)) {
    size += piece.length;
    if (header.sum !== null) for (const byte of piece) sum = (sum + byte) >>> 0;
    yield piece;
  }
  if (size < header.size) throw endsInside(header, stream);
  if (header.sum !== null && sum !== header.sum) {
    throw new MalformedInput(
      `the bytes of "${printableName(header.name)}" add up to ${sum}, its header says ${header.sum}`,
    );
  }
}

function endsInside({ name }: CpioHeader, stream: ByteStream): MalformedInput {
  return new MalformedInput(
    `archive ends inside the body of "${printableName(name)}" at byte ${stream.position}`,
  );
}

/** Several names of one file are several entries, of which the last one has the bytes. */
class HardLinks {
  /** Names met before the bytes. */
  readonly #waiting = new Map<string, Entry[]>();
  /** The name that has the bytes. */
  readonly #known = new Map<string, string>();

  *resolve({ type, names, identity, size }: CpioHeader, entry: Entry): Iterable<Entry> {
    if (type !== 'file' || names < 2) yield entry;
    else if (size > 0) yield* this.#withBytes(identity, entry);
    else if (this.#known.has(identity)) yield this.#linkTo(identity, entry);
    else this.#waiting.set(identity, [...(this.#waiting.get(identity) ?? []), entry]);
  }

  /** Files that have no bytes at all. */
  *left(): Iterable<Entry> {
    for (const entries of this.#waiting.values()) yield* entries;
    this.#waiting.clear();
  }

  *#withBytes(identity: string, entry: Entry): Iterable<Entry> {
    this.#known.set(identity, entry.path);
    yield entry;
    const waiting = this.#waiting.get(identity) ?? [];
    this.#waiting.delete(identity);
    for (const other of waiting) yield this.#linkTo(identity, other);
  }

  #linkTo(identity: string, entry: Entry): Entry {
    const linkTarget = this.#known.get(identity) ?? entry.path;
    return { ...entry, type: 'hardlink', linkTarget };
  }
}
