import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { decodeName, printableName } from '../../base/text.ts';
import type { EntryHeader, EntryType } from '../entry.ts';
import { decodePax, type PaxRecords, type PaxSparse } from './pax.ts';
import { maxMapSize, type Sparse } from './sparse.ts';
import {
  decodeSparseBlock,
  decodeTarHeader,
  type SparsePart,
  type TarHeader,
} from './tar-header.ts';

/**
 * What comes behind a block. `extension`: so many bytes (padded) belong to the next entry's header and are wanted by
 * `extend`. `entry`: its body is so many bytes (padded), which for an unsupported entry is not `header.size`.
 */
export type TarStep =
  | { readonly kind: 'extension'; readonly bodySize: number }
  | EntryStep
  | { readonly kind: 'skip'; readonly bodySize: number }
  | { readonly kind: 'end' };

export interface EntryStep {
  readonly kind: 'entry';
  readonly header: EntryHeader;
  readonly bodySize: number;
  /** null: the body is the content. */
  readonly sparse: Sparse | null;
}

interface UnfinishedSparse {
  readonly step: EntryStep;
  readonly extents: number[];
}

/** As in Go's archive/tar: no runtime unpacks a longer one. No option raises it, so more is damage and no limit. */
const maxExtensionSize = 1024 * 1024;

/** Header blocks in, entries out. Both tar readers drive one of these, so that they cannot disagree. */
export class TarSequence {
  readonly #limits: Limits;
  #pending: Extensions = {};
  #extension = '';
  #zeroBlocks = 0;
  /** An old sparse file whose map is not whole yet. */
  #sparse: UnfinishedSparse | null = null;
  #entries = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** `offset` is the block's place in the archive. Throws MalformedInput, LimitExceeded. */
  next(block: Buffer, offset: number): TarStep {
    if (this.#sparse !== null)
      return this.#sparseMap(this.#sparse, decodeSparseBlock(block, offset));
    const header = decodeTarHeader(block, offset);
    if (header === null) return this.#zeros(offset);
    if (this.#zeroBlocks > 0) {
      throw new MalformedInput(
        `tar header at offset ${offset} follows a block of zeros, expected a second one`,
      );
    }
    return 'xgLK'.includes(header.flag)
      ? this.#extend(header, offset)
      : this.#entry(header, offset);
  }

  /** Takes the bytes that the last step, an `extension`, requested. Throws MalformedInput. */
  extend(body: Buffer, offset: number): void {
    this.#pending = extended(this.#pending, this.#extension, body, offset);
  }

  /** What the archive must not end behind of, or null. */
  unfinished(): string | null {
    if (this.#sparse !== null) return 'the map of a sparse file';
    return this.#isPending() ? 'an extended header, before the entry it describes' : null;
  }

  #isPending(): boolean {
    return Object.keys(this.#pending).length > 0;
  }

  #extend({ flag, size }: TarHeader, offset: number): TarStep {
    if (size < 0 || size > maxExtensionSize) {
      throw new MalformedInput(
        `extended tar header at offset ${offset} has ${size} bytes, no container runtime unpacks more than ${maxExtensionSize}`,
      );
    }
    this.#extension = flag;
    return { kind: 'extension', bodySize: size };
  }

  #entry(header: TarHeader, offset: number): TarStep {
    const { maxEntries } = this.#limits;
    this.#entries += 1;
    if (this.#entries > maxEntries) {
      throw new LimitExceeded(`archive has more than ${maxEntries} entries`);
    }
    const entry = describe(header, this.#pending, offset);
    this.#pending = {};
    if (header.sparse === null) return entry;
    return this.#sparseMap({ step: entry, extents: [] }, header.sparse.part);
  }

  /** The map of an old sparse file stands between its header and its body, and in no size. */
  #sparseMap(file: UnfinishedSparse, part: SparsePart): TarStep {
    const { step, extents } = file;
    for (const each of part.extents) extents.push(each);
    if (extents.length * 12 > maxMapSize)
      throw new MalformedInput(`the map of a sparse file has more than ${maxMapSize} bytes`);
    this.#sparse = part.continues ? file : null;
    if (part.continues) return { kind: 'skip', bodySize: 0 };
    return { ...step, sparse: { extents, stored: step.bodySize } };
  }

  #zeros(offset: number): TarStep {
    this.#zeroBlocks += 1;
    if (this.#zeroBlocks < 2) return { kind: 'skip', bodySize: 0 };
    if (!this.#isPending()) return { kind: 'end' };
    throw new MalformedInput(
      `end of archive at offset ${offset} follows an extended header, expected its entry`,
    );
  }
}

/** The step whose bytes are missing, or words for it. */
export type Unfinished = TarStep | string;

/** Both readers say the same of a cut archive. `size` is the number of bytes that there are. */
export function endsInside(unfinished: Unfinished, size: number): MalformedInput {
  return new MalformedInput(`archive ends inside ${wordsFor(unfinished)} at byte ${size}`);
}

function wordsFor(unfinished: Unfinished): string {
  if (typeof unfinished === 'string') return unfinished;
  if (unfinished.kind === 'entry') return `the body of "${printableName(unfinished.header.path)}"`;
  return unfinished.kind === 'extension' ? 'an extended header' : 'a header';
}

interface Extensions {
  readonly pax?: PaxRecords;
  readonly longName?: Buffer;
  readonly longLink?: Buffer;
}

/** Global PAX headers are checked and then ignored, and end what was pending, as Go's archive/tar and so the runtimes do. */
function extended(pending: Extensions, flag: string, body: Buffer, offset: number): Extensions {
  if (flag === 'L') return { ...pending, longName: untilNul(body) };
  if (flag === 'K') return { ...pending, longLink: untilNul(body) };
  const pax = decodePax(body, offset);
  return flag === 'x' ? { ...pending, pax } : {};
}

/** A copy: the body may be a piece of a large chunk. */
function untilNul(body: Buffer): Buffer {
  const end = body.indexOf(0);
  return Buffer.from(end < 0 ? body : body.subarray(0, end));
}

function describe(header: TarHeader, extensions: Extensions, offset: number): EntryStep {
  const pax = extensions.pax;
  const path = decodeName(extensions.longName ?? pax?.path ?? header.name);
  const size = pax?.size ?? header.size;
  if (size < 0)
    throw new MalformedInput(`tar size is ${size} at offset ${offset}, expected 0 or more`);
  const written = header.sparse === null ? typeOf(header.flag, path) : 'file';
  const isUnknown = pax?.sparse?.extents === 'unknown' || pax?.redirected;
  const type = isUnknown ? 'unsupported' : written;
  const sparse = type === 'file' ? sparseOf(pax?.sparse ?? null, size) : null;
  const isLink = type === 'symlink' || type === 'hardlink';
  const entry: EntryHeader = {
    path,
    type,
    size: type === 'file' ? (header.sparse?.size ?? pax?.sparse?.size ?? size) : 0,
    mode: header.mode,
    uid: pax?.uid ?? header.uid,
    gid: pax?.gid ?? header.gid,
    linkTarget: isLink ? decodeName(extensions.longLink ?? pax?.linkPath ?? header.linkName) : '',
    capability: pax?.capability ?? null,
    ...(pax?.accessList && { accessList: pax.accessList }),
  };
  const hasBody = written === 'file' || written === 'unsupported';
  return { kind: 'entry', header: entry, bodySize: hasBody ? size : 0, sparse } as const;
}

function sparseOf(pax: PaxSparse | null, stored: number): Sparse | null {
  return pax === null || pax.extents === 'unknown' ? null : { extents: pax.extents, stored };
}

const types: Readonly<Record<string, EntryType>> = {
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
};

function typeOf(flag: string, path: string): EntryType {
  if (flag === '\0') return path.endsWith('/') ? 'directory' : 'file';
  return types[flag] ?? 'unsupported';
}
