import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Files that nobody but this user could have written. A cache entry decides verdicts: who may write to it decides what
 * the gate says. Where the system has no users (Windows) all files count as private.
 */
const user = process.geteuid?.() ?? null;
const writableByOthers = 0o022;

/**
 * Why a folder is not private; null: it is, or is not there yet. Links to it are followed, since it counts who owns
 * what they lead to.
 */
export function folderRefusal(path: string): string | null {
  let found: Stats;
  try {
    found = statSync(path);
  } catch (error) {
    return isAbsent(error) ? null : `it cannot be looked into (${codeOf(error)})`;
  }
  return found.isDirectory() ? ownerRefusal(found) : 'it is not a folder';
}

function ownerRefusal({ uid, mode }: Stats): string | null {
  if (user === null) return null;
  if (uid !== user) return `it belongs to the user ${uid}, and hullcheck runs as ${user}`;
  return (mode & writableByOthers) === 0 ? null : 'others may write to it';
}

/** Why a file is not private and no entry either: a link, a pipe, a device, another user's; null: it is fine. */
export function fileRefusal(found: Stats): string | null {
  return found.isFile() ? ownerRefusal(found) : 'it is not a regular file';
}

/**
 * The content of a private file of at most `most` bytes, in one piece: the asynchronous way reads half a megabyte at a
 * time, and takes twice as long for a large report. null: there is none. Nothing else is opened, since that alone may
 * wait without end (a pipe) or do something (a device). What is opened is checked again, since it may be another file by then.
 */
export function readPrivateFile(path: string, most: number): Buffer | null {
  let descriptor: number | null = null;
  try {
    if (fileRefusal(lstatSync(path)) !== null) return null;
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const found = fstatSync(descriptor);
    if (fileRefusal(found) !== null || found.size > most) return null;
    return readFileSync(descriptor);
  } catch {
    return null;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

/**
 * Makes a private folder and those above it, and gives why there is none; null: it is there. Step by step: in /proc,
 * where nothing can be made, Node's own recursive way never ends.
 */
export function makePrivateFolder(path: string): string | null {
  const missing: string[] = [];
  let at = path;
  for (; !isThere(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  try {
    for (const folder of missing.reverse()) makeFolder(folder);
    // A folder that is there may be a link to nowhere.
    realpathSync(path);
  } catch (error) {
    return `it cannot be made (${codeOf(error)})`;
  }
  return folderRefusal(path);
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** A folder that cannot be seen is assumed to exist; creating it then reports why it cannot. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ENOENT';
  }
}

function isAbsent(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : String(error);
}
