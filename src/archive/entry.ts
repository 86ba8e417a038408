import type { HeldRange, RandomAccess } from '../base/random-access.ts';

/**
 * One entry of a root filesystem, whatever carries it: a tar stream, a seekable tar, a directory.
 * `unsupported` is an entry whose content cannot be given as the file it stands for (GNU sparse, unknown types).
 */
export interface EntryHeader {
  /** As it stands in the archive, not normalised; bytes that are not UTF-8 as in text.ts. */
  readonly path: string;
  readonly type: EntryType;
  /** Bytes of the body; 0 for anything but a file. */
  readonly size: number;
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Target of a symbolic or hard link, as it stands; '' for every other type. */
  readonly linkTarget: string;
  /** Raw value of the extended attribute `security.capability`, or null. */
  readonly capability: Buffer | null;
  /** Raw value of `system.posix_acl_access`. Absent: there is none, as in nearly every file. */
  readonly accessList?: Buffer;
}

/** Written so that entries without a list, which are nearly all, cost no copy. */
export function withAccessList<T extends object>(
  entry: T,
  accessList: Buffer | undefined,
): T & { readonly accessList?: Buffer } {
  return accessList === undefined ? entry : { ...entry, accessList };
}

export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'socket'
  | 'unsupported';

/** An entry in a walk. Its body can be read until the walk moves on; what is not read is skipped, not buffered. */
export interface Entry extends EntryHeader {
  /** The body in order, in pieces of any size. Throws MalformedInput when the archive ends inside it. */
  body(): AsyncIterable<Buffer>;
  /** The same bytes where they can be read at any place, without copying them first. */
  readonly content?: RandomAccess;
  /** Each byte is unpacked as it is read, so that looking at the end costs as much as reading all of it. */
  readonly isPacked?: true;
  /** The whole body at its place in a file; null when there is none: then `body` reports why. */
  readonly hold?: () => HeldRange | null;
}

/** One walk over entries, in archive order. Throws MalformedInput, LimitExceeded. */
export type EntryWalk = AsyncIterable<Entry>;
