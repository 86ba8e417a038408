import { basename, join } from 'node:path';
import { groupBy } from '../../base/group-by.ts';
import type { DebugFolders, ListedFolder } from './debug-folders.ts';

/** A file that may be the debug file of a program. */
export interface Candidate {
  /** Path in its folder, as it was listed. */
  readonly name: string;
  /** Absolute, without symbolic links; null: a link out of the folder. */
  readonly path: string | null;
}

export interface ListedFiles {
  byBuildId(id: string): readonly Candidate[];
  /** By the last part of a path. */
  byName(name: string): readonly Candidate[];
  /** Whether one of them may be a `.dwo` file. */
  readonly hasDwo: boolean;
}

/** Of this thread: every file asks the same folders. */
let last: { readonly key: string; readonly files: ListedFiles } | null = null;

export function listedFiles({ key, listing }: DebugFolders): ListedFiles {
  if (last?.key === key) return last.files;
  // Written by listDebugFolders in this process.
  const folders = JSON.parse(Buffer.from(new Uint8Array(listing)).toString()) as ListedFolder[];
  const files = indexed(folders);
  last = { key, files };
  return files;
}

function indexed(folders: readonly ListedFolder[]): ListedFiles {
  const all = folders.flatMap(({ root, files }) =>
    files.map(([name, leadsTo = name]): Candidate => {
      return { name, path: leadsTo === null ? null : join(root, leadsTo) };
    }),
  );
  const ids = groupBy(all, ({ name }) => buildIdIn(name));
  const names = groupBy(all, ({ name }) => basename(name));
  return {
    byBuildId: (id) => ids.get(id) ?? [],
    byName: (name) => names.get(name) ?? [],
    hasDwo: all.some(({ name }) => name.endsWith('.dwo')),
  };
}

/**
 * `.build-id/ab/cdef.debug`, as packages of Debian, Fedora and Alpine have it, and `abcdef/debuginfo`, as symbol servers and the cache
 * of debuginfod clients do. null: the place of a file names no build ID.
 */
export function buildIdIn(path: string): string | null {
  const [, first, rest] =
    /(?:^|\/)\.build-id\/([0-9a-f]{2})\/([0-9a-f]+)\.debug$/.exec(path) ??
    /(?:^|\/)([0-9a-f]{2})([0-9a-f]+)\/debuginfo$/.exec(path) ??
    [];
  return first === undefined || rest === undefined ? null : first + rest;
}
