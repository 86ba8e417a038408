import type { EntryType } from './entry.ts';

/** What the file type in a mode of Unix says. A hard link has the type of its file. */
export type FileType = Exclude<EntryType, 'hardlink'>;

/** By the upper bits of `st_mode`, as every format of Unix stores it (inode(7), S_IFMT). */
export function fileTypeOf(mode: number): FileType {
  return types.get(mode & 0o170000) ?? 'unsupported';
}

const types: ReadonlyMap<number, FileType> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'symlink'],
  [0o020000, 'character-device'],
  [0o060000, 'block-device'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
]);
