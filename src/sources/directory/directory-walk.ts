import { lstatSync, readdirSync, readlinkSync, type Stats, statfsSync, statSync } from 'node:fs';
import type { Entry, EntryType, EntryWalk } from '../../archive/entry.ts';
import { LimitExceeded } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import { codeOf, reasonOf } from '../../base/system-error.ts';
import { decodeName, printableName } from '../../base/text.ts';
import { fileBody, holdFile } from '../bytes/file-body.ts';
import { isPseudoFileSystem } from './pseudo-file-system.ts';

type Report = (problem: Problem) => void;

/** A directory that is being walked. */
interface Open {
  /** On the host. */
  readonly path: Buffer;
  /** In the root filesystem: '' or `usr/bin/`. */
  readonly prefix: string;
  readonly device: number;
  /** Sorted bytewise; the walk is at `next`. */
  readonly names: readonly Buffer[];
  next: number;
}

/**
 * Depth first, names sorted bytewise, no symbolic link followed, nothing opened but regular files, and those only when
 * their body is read. Mount points of pseudo file systems are left out with a notice, so that a scan of `/` ends.
 * Extended attributes are out of Node's reach: `capability` is null. Throws LimitExceeded.
 */
export async function* walkDirectory(path: string, limits: Limits, report: Report): EntryWalk {
  const walk = { hardLinks: new Map<string, string>(), report };
  const open: Open[] = [];
  const root = rootOf(path, report);
  if (root !== null) {
    yield entryOf(root, walk);
    const inner = openDirectory(root.path, '', root.stats, report);
    if (inner !== null) open.push(inner);
  }
  let count = 1;
  for (let folder = open.at(-1); folder !== undefined; folder = open.at(-1)) {
    const name = folder.names[folder.next];
    folder.next += 1;
    if (name === undefined) {
      open.pop();
      continue;
    }
    count += 1;
    if (count > limits.maxEntries)
      throw new LimitExceeded(`the directory has more than ${limits.maxEntries} entries`);
    const found = look(folder, name, report);
    if (found === null) continue;
    yield entryOf(found, walk);
    const inner = found.stats.isDirectory() ? enter(found, folder, report) : null;
    if (inner !== null) open.push(inner);
  }
}

interface Walk {
  /** The first name of each file that has several. */
  readonly hardLinks: Map<string, string>;
  readonly report: Report;
}

interface Found {
  readonly path: Buffer;
  /** In the root filesystem, without a slash at either end. */
  readonly name: string;
  readonly stats: Stats;
}

function rootOf(path: string, report: Report): Found | null {
  const stats = attempt('', report, () => statSync(path));
  return stats === null ? null : { path: Buffer.from(path), name: '.', stats };
}

function look(folder: Open, name: Buffer, report: Report): Found | null {
  const path = Buffer.concat([folder.path, slash, name]);
  const inner = folder.prefix + decodeName(name);
  const stats = attempt(inner, report, () => lstatSync(path));
  return stats === null ? null : { path, name: inner, stats };
}

function entryOf(found: Found, { hardLinks, report }: Walk): Entry {
  const { path, name, stats } = found;
  const first = attempt(name, report, () => firstName(found, hardLinks));
  const type = first === null ? typeOf(stats) : 'hardlink';
  const target =
    type === 'symlink' ? attempt(name, report, () => readlinkSync(path, 'buffer')) : null;
  const failed = (message: string) => report(unreadable(name, message));
  return {
    path: name,
    type,
    size: type === 'file' ? stats.size : 0,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    linkTarget: first ?? (target === null ? '' : decodeName(target)),
    capability: null,
    body: () => (type === 'file' ? fileBody(path, stats, failed) : noBody()),
    hold: () => (type === 'file' ? holdFile(path, stats) : null),
  };
}

/** The name under which a file with several was met before, or null. */
function firstName({ path, name, stats }: Found, hardLinks: Map<string, string>): string | null {
  if (!stats.isFile() || stats.nlink < 2) return null;
  // Inode numbers of 64 bits exist (NFS, overlays with xino): as plain numbers, two could look the same.
  const { dev, ino } = lstatSync(path, { bigint: true });
  const key = `${dev}:${ino}`;
  const first = hardLinks.get(key);
  if (first === undefined) hardLinks.set(key, name);
  return first ?? null;
}

function typeOf(stats: Stats): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isCharacterDevice()) return 'character-device';
  if (stats.isBlockDevice()) return 'block-device';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'unsupported';
}

function enter({ path, name, stats }: Found, parent: Open, report: Report): Open | null {
  if (stats.dev !== parent.device) {
    const pseudo = attempt(name, report, () => isPseudoFileSystem(statfsSync(path).type));
    if (pseudo !== false) {
      if (pseudo)
        report({
          kind: 'notice',
          where: where(name),
          message: 'a file system of the running kernel is mounted here and was left out',
        });
      return null;
    }
  }
  return openDirectory(path, `${name}/`, stats, report);
}

function openDirectory(path: Buffer, prefix: string, stats: Stats, report: Report): Open | null {
  const names = attempt(prefix, report, () => readdirSync(path, 'buffer'));
  if (names === null) return null;
  return { path, prefix, device: stats.dev, names: names.sort(Buffer.compare), next: 0 };
}

/** Files come and go, and not all may be read: what the system refuses is reported, and the walk goes on. */
function attempt<Result>(name: string, report: Report, run: () => Result): Result | null {
  try {
    return run();
  } catch (error) {
    if (codeOf(error) === '') throw error;
    report(unreadable(name, reasonOf(error)));
    return null;
  }
}

function unreadable(name: string, message: string): Problem {
  return { kind: 'unreadable', where: where(name), message };
}

function where(name: string): string {
  return printableName(`/${name.replace(/\/$/, '')}`);
}

async function* noBody(): AsyncGenerator<Buffer, void, undefined> {}

const slash = Buffer.from('/');
