import { type FileType, fileTypeOf } from '../../archive/file-type.ts';
import { MalformedInput } from '../../base/errors.ts';
import { decodeName } from '../../base/text.ts';

/** What Rock Ridge (RRIP 1.12) records about a file; null if nothing. */
export interface RockRidge {
  readonly name: string | null;
  readonly attributes: PosixAttributes | null;
  readonly linkTarget: string | null;
  /** Block of a directory that was moved up, since the format allows but eight levels. */
  readonly childLink: number | null;
  /** This is the place where it was moved to. */
  readonly isRelocated: boolean;
  /** Compressed by zisofs: how many bytes it has when it is not. */
  readonly zisofs: number | null;
}

export interface PosixAttributes {
  readonly type: FileType;
  readonly mode: number;
  readonly names: number;
  readonly uid: number;
  readonly gid: number;
}

/** One entry of the system use area (SUSP 1.12): two letters, a length, a version, and its data. */
export interface UseEntry {
  readonly tag: string;
  /** Without the four bytes in front. */
  readonly bytes: Buffer;
}

export function* useEntriesIn(area: Buffer): Iterable<UseEntry> {
  for (let at = 0; at + 4 <= area.length; ) {
    const length = area[at + 2] ?? 0;
    const tag = area.toString('latin1', at, at + 2);
    if (length < 4 || at + length > area.length || tag === 'ST') return;
    yield { tag, bytes: area.subarray(at + 4, at + length) };
    at += length;
  }
}

/** Where an area goes on, by its CE entry. */
export interface Continuation {
  readonly block: number;
  readonly offset: number;
  readonly size: number;
}

export function continuationOf({ tag, bytes }: UseEntry): Continuation | null {
  if (tag !== 'CE' || bytes.length < 24) return null;
  return {
    block: bytes.readUInt32LE(0),
    offset: bytes.readUInt32LE(8),
    size: bytes.readUInt32LE(16),
  };
}

export function decodeRockRidge(entries: readonly UseEntry[]): RockRidge {
  const of = (tag: string) => entries.filter((entry) => entry.tag === tag);
  const [px] = of('PX');
  const names = of('NM');
  const links = of('SL');
  const [child] = of('CL');
  const compressed = of('ZF').find(({ bytes }) => bytes.toString('latin1', 0, 2) === 'pz');
  return {
    name: names.length === 0 ? null : decodeName(joined(names)),
    attributes: px === undefined ? null : attributesOf(px),
    linkTarget: links.length === 0 ? null : linkTargetOf(links),
    childLink: child === undefined || child.bytes.length < 8 ? null : child.bytes.readUInt32LE(0),
    isRelocated: of('RE').length > 0,
    zisofs:
      compressed === undefined || compressed.bytes.length < 12
        ? null
        : compressed.bytes.readUInt32LE(4),
  };
}

/** Parts of one name; a byte of flags in front. */
function joined(parts: readonly UseEntry[]): Buffer {
  return Buffer.concat(parts.map(({ bytes }) => bytes.subarray(1)));
}

function attributesOf({ bytes }: UseEntry): PosixAttributes {
  if (bytes.length < 32)
    throw new MalformedInput(`Rock Ridge attributes have ${bytes.length} bytes, expected 32`);
  const mode = bytes.readUInt32LE(0);
  return {
    type: fileTypeOf(mode),
    mode: mode & 0o7777,
    names: bytes.readUInt32LE(8),
    uid: bytes.readUInt32LE(16),
    gid: bytes.readUInt32LE(24),
  };
}

const component = { continues: 1, here: 2, above: 4, root: 8 } as const;

/** Components of a path one by one, each with flags and a length; one may go on in the next. */
function linkTargetOf(links: readonly UseEntry[]): string {
  let target = '';
  // Nothing stands in front of the first.
  let inside = true;
  for (const { bytes } of links) {
    for (let at = 1; at + 2 <= bytes.length; at += 2 + (bytes[at + 1] ?? 0)) {
      const flags = bytes[at] ?? 0;
      const text = decodeName(bytes.subarray(at + 2, at + 2 + (bytes[at + 1] ?? 0)));
      if (!inside && !target.endsWith('/')) target += '/';
      if ((flags & component.root) !== 0) target = '/';
      else if ((flags & component.here) !== 0) target += '.';
      else if ((flags & component.above) !== 0) target += '..';
      else target += text;
      inside = (flags & component.continues) !== 0;
    }
  }
  return target;
}
