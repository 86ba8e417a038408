import { createHash, randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { lstat, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { whileUnfinished } from '../base/unfinished-files.ts';
import { fileRefusal, folderRefusal, makePrivateFolder, readPrivateFile } from './private-files.ts';

/** Bytes kept under keys in a folder, by any number of processes at a time. */
export interface EntryStore {
  /**
   * null when there is none that this user alone could have written, or when its bytes are not those that were kept:
   * such an entry is removed.
   */
  read(key: string): Promise<Buffer | null>;
  /**
   * A reader sees all of it or nothing. On a full disk or without permission nothing is kept, which is not an error.
   */
  write(key: string, content: Buffer): Promise<void>;
  /** Removes what was not used for longest until the rest is small enough, and what killed processes left half-written. */
  shrink(maxBytes: number): Promise<void>;
  /** Everything that is there, and whether it is whole. */
  list(): Promise<readonly StoredEntry[]>;
  clear(): Promise<void>;
}

export interface StoredEntry {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970 of its last use. */
  readonly used: number;
  readonly isUnfinished: boolean;
}

const magic = Buffer.from('hullcheck cache 1\n');
const digestSize = 32;
const unfinished = '.unfinished';
/** A layer of a million entries has fewer bytes. */
const largestEntry = 512 * 1024 * 1024;
/** No write takes longer; older half-written files have no writer any more. */
const longestWrite = 3600 * 1000;

/** An entry is a line that says what it is, the sha256 of its key and content, and the content. */
export function entryStore(folder: string): EntryStore {
  const pathOf = (key: string) => {
    const name = createHash('sha256').update(key).digest('hex');
    return join(folder, name.slice(0, 2), name);
  };
  // Both, each time: anyone who can write to one of them can replace the other.
  const isUsable = (path: string) =>
    folderRefusal(folder) === null && folderRefusal(dirname(path)) === null;
  const list = async () => (folderRefusal(folder) === null ? listEntries(folder) : []);
  return {
    async read(key) {
      const path = pathOf(key);
      if (!isUsable(path)) return null;
      const file = readPrivateFile(path, largestEntry);
      if (file === null) return null;
      const content = contentOf(file, path.slice(-64));
      if (content === null) await rm(path, { force: true }).catch(() => {});
      else await utimes(path, new Date(), new Date()).catch(() => {});
      return content;
    },
    async write(key, content) {
      const path = pathOf(key);
      const temporary = `${path}.${randomBytes(6).toString('hex')}${unfinished}`;
      await whileUnfinished(temporary, async () => {
        try {
          if (makePrivateFolder(dirname(path)) !== null || !isUsable(path)) return;
          const head = Buffer.concat([magic, digestOf(content, path.slice(-64))]);
          await writeFile(temporary, [head, content], { flag: 'wx', mode: 0o600 });
          await rename(temporary, path);
        } catch {
          await rm(temporary, { force: true }).catch(() => {});
        }
      });
    },
    async shrink(maxBytes) {
      const entries = (await list()).toSorted((a, b) => b.used - a.used);
      let size = 0;
      for (const { path, size: bytes, used, isUnfinished } of entries) {
        const isLeftOver = isUnfinished && Date.now() - used > longestWrite;
        if (!isUnfinished) size += bytes;
        if (isLeftOver || (!isUnfinished && size > maxBytes))
          await rm(path, { force: true }).catch(() => {});
      }
    },
    list,
    async clear() {
      for (const { path } of await list()) await rm(path, { force: true });
    },
  };
}

/** Whether the file at `path` holds what was written there. */
export async function isWhole({ path }: StoredEntry): Promise<boolean> {
  const file = readPrivateFile(path, largestEntry);
  return file !== null && contentOf(file, path.slice(-64)) !== null;
}

/** Another entry's content under this name would be whole too: the name is part of the digest. */
function digestOf(content: Buffer, name: string): Buffer {
  return createHash('sha256').update(name).update(content).digest();
}

function contentOf(file: Buffer, name: string): Buffer | null {
  const start = magic.length + digestSize;
  if (file.length < start || !file.subarray(0, magic.length).equals(magic)) return null;
  const content = file.subarray(start);
  return digestOf(content, name).equals(file.subarray(magic.length, start)) ? content : null;
}

/** Only files whose names this store gives: the folder may be shared with others by mistake. */
async function listEntries(folder: string): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for (const shelf of await namesIn(folder)) {
    if (!shelf.isDirectory() || !/^[0-9a-f]{2}$/.test(shelf.name)) continue;
    if (folderRefusal(join(folder, shelf.name)) !== null) continue;
    for (const { name } of await namesIn(join(folder, shelf.name))) {
      if (!/^[0-9a-f]{64}(\.[0-9a-f]{12}\.unfinished)?$/.test(name)) continue;
      const path = join(folder, shelf.name, name);
      const found = await lstat(path).catch(() => null);
      // What is not this store's is left alone.
      if (found === null || fileRefusal(found) !== null) continue;
      const isUnfinished = name.endsWith(unfinished);
      entries.push({ path, size: found.size, used: found.mtimeMs, isUnfinished });
    }
  }
  return entries;
}

async function namesIn(folder: string): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
