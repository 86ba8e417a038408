import { createHash } from 'node:crypto';
import { lstatSync, opendirSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { compare } from '../../base/compare.ts';
import { LimitExceeded, UsageError } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { codeOf, explained } from '../../base/system-error.ts';

/** Folders of debug files as they were when the run began. Plain data that is shared by threads. */
export interface DebugFolders {
  /** The same for the same files, unchanged: what was found out with others is not the same. */
  readonly key: string;
  /** JSON of ListedFolder[], in UTF-8. */
  readonly listing: SharedArrayBuffer;
}

export interface ListedFolder {
  /** Absolute, without symbolic links. */
  readonly root: string;
  readonly files: readonly ListedFile[];
}

/** Path in the folder, and for a symbolic link the path in the folder where it leads, or null: out of the folder. */
export type ListedFile = readonly [path: string, leadsTo?: string | null];

/**
 * Lists all regular files and links to files of the folders, in the order of the folders. Links to folders are not followed. Throws
 * UsageError for a folder that cannot be read, and for one with more entries or deeper paths than a layer may have.
 */
export function listDebugFolders(
  folders: readonly string[],
  limits: Pick<Limits, 'maxEntries' | 'maxPathDepth'>,
): DebugFolders {
  const digest = createHash('sha256');
  const listed = folders.map((folder) => {
    try {
      return explained(folder, () => listFolder(folder, limits, digest));
    } catch (error) {
      if (!(error instanceof LimitExceeded)) throw error;
      throw new UsageError(`--debug-dir ${folder} ${error.message}`);
    }
  });
  const bytes = Buffer.from(JSON.stringify(listed));
  const listing = new SharedArrayBuffer(bytes.length);
  new Uint8Array(listing).set(bytes);
  return { key: digest.digest('hex'), listing };
}

function listFolder(
  folder: string,
  limits: Pick<Limits, 'maxEntries' | 'maxPathDepth'>,
  digest: ReturnType<typeof createHash>,
): ListedFolder {
  const root = realpathSync(folder);
  if (!statSync(root).isDirectory()) throw new UsageError(`--debug-dir ${folder} is not a folder`);
  digest.update(`${root}\0`);
  const files: ListedFile[] = [];
  const pending = [{ path: root, depth: 0 }];
  let entries = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.depth > limits.maxPathDepth)
      throw new LimitExceeded(`has folders more than ${limits.maxPathDepth} deep`);
    for (const { name, isFolder } of entriesOf(next.path)) {
      entries += 1;
      if (entries > limits.maxEntries)
        throw new LimitExceeded(`has more than ${limits.maxEntries} entries`);
      const path = join(next.path, name);
      if (isFolder) pending.push({ path, depth: next.depth + 1 });
      else listFile(root, path, files, digest);
    }
  }
  return { root, files };
}

/** Sorted, so that the first of several files is the same one everywhere. */
function entriesOf(folder: string) {
  const found: { readonly name: string; readonly isFolder: boolean }[] = [];
  const open = opendirSync(folder);
  try {
    for (let entry = open.readSync(); entry !== null; entry = open.readSync())
      found.push({ name: entry.name, isFolder: entry.isDirectory() });
  } finally {
    open.closeSync();
  }
  return found.sort((a, b) => compare(a.name, b.name));
}

function listFile(
  root: string,
  path: string,
  files: ListedFile[],
  digest: ReturnType<typeof createHash>,
): void {
  const own = lstatSync(path, { bigint: true });
  if (!own.isFile() && !own.isSymbolicLink()) return;
  const place = relative(root, path);
  if (own.isFile()) {
    files.push([place]);
    digest.update(stamp(place, own));
    return;
  }
  const leadsTo = targetOf(root, path);
  if (leadsTo === undefined) return;
  files.push([place, leadsTo]);
  digest.update(leadsTo === null ? `${place} leads out\0` : stamp(`${place} ${leadsTo}`, own));
}

/** Times of the last change, which a new content changes even where its size is the same. */
function stamp(place: string, { ino, size, mtimeNs, ctimeNs }: Stamped): string {
  return `${[place, ino, size, mtimeNs, ctimeNs].join(' ')}\0`;
}

interface Stamped {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** null: out of the folder; undefined: to nothing, or to something that is not a file. */
function targetOf(root: string, path: string): string | null | undefined {
  try {
    const target = realpathSync(path);
    if (!target.startsWith(`${root === sep ? '' : root}${sep}`)) return null;
    return statSync(target).isFile() ? relative(root, target) : undefined;
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return undefined;
  }
}
