import type { FileType } from '../archive/file-type.ts';
import type { DamagedInput } from '../base/errors.ts';
import type { RandomAccess } from '../base/random-access.ts';

/** A file, directory or whatever else a file system holds, without a name: several names may lead to one. */
export interface Inode {
  /** The same for two names exactly when they name the same thing. */
  readonly id: string | number;
  readonly type: FileType;
  /** Bytes of a file, 0 for anything else. */
  readonly size: number;
  /** 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** How many names it says it has. */
  readonly names: number;
  /** Of a symbolic link, else ''. */
  readonly linkTarget: string;
  /** Raw value of `security.capability`, or null. */
  readonly capability: Buffer | null;
  /** Of a file; nothing for anything else. Throws MalformedInput, LimitExceeded where it is read. */
  readonly content: RandomAccess;
  /** Of a directory, without `.` and `..`, in the order they are stored; nothing for anything else. */
  children(): AsyncIterable<Child>;
}

export interface Child {
  readonly name: string;
  open(): Promise<Inode>;
}

/** Called for what cannot be read, with its path in the file system. */
export type Report = (path: string, error: DamagedInput) => void;

export async function* noChildren(): AsyncGenerator<Child, void, undefined> {}
