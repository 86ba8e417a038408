import type { Entry, EntryWalk } from '../archive/entry.ts';
import { DamagedInput, LimitExceeded, MalformedInput } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import { encodeName, printableName } from '../base/text.ts';
import { type Child, type Inode, noChildren, type Report } from './inode.ts';

/** A file system with more wrong parts than this is not worth reading on. */
const mostDamage = 1000;

/** A directory that is being read. */
interface Folder {
  /** '' or `usr/bin/`. */
  readonly prefix: string;
  readonly children: AsyncIterator<Child>;
}

/**
 * Every file of a file system, depth first, in the order of its directories. What is wrong with one file or directory
 * is passed to `report` and does not affect others. A directory in two places is damage: a loop would not end. Throws
 * LimitExceeded, and MalformedInput when there is too much damage.
 */
export async function* treeEntries(root: Inode, limits: Limits, report: Report): EntryWalk {
  const tree = new TreeWalk(limits, report);
  yield entryOf('.', root, null, tree);
  tree.enter('', root);
  for (let folder = tree.folder(); folder !== undefined; folder = tree.folder()) {
    const found = await tree.next(folder);
    if (found === null) continue;
    const { path, inode } = found;
    if (inode.type === 'directory' && !tree.enter(`${path}/`, inode)) continue;
    yield entryOf(path, inode, tree.firstName(path, inode), tree);
  }
}

class TreeWalk {
  readonly #limits: Limits;
  readonly #report: Report;
  readonly #open: Folder[] = [];
  readonly #directories = new Set<Inode['id']>();
  readonly #names = new Map<Inode['id'], string>();
  #count = 1;
  #damage = 0;

  constructor(limits: Limits, report: Report) {
    this.#limits = limits;
    this.#report = report;
  }

  folder(): Folder | undefined {
    return this.#open.at(-1);
  }

  /** false: it was entered before. */
  enter(prefix: string, inode: Inode): boolean {
    if (this.#directories.has(inode.id)) {
      const message = 'this directory is also in another place: left out';
      this.failed(prefix.slice(0, -1), new MalformedInput(message));
      return false;
    }
    this.#directories.add(inode.id);
    const children = inode.type === 'directory' ? inode.children() : noChildren();
    this.#open.push({ prefix, children: children[Symbol.asyncIterator]() });
    return true;
  }

  /** null: nothing this time. */
  async next(folder: Folder): Promise<{ readonly path: string; readonly inode: Inode } | null> {
    const child = await this.#nextChild(folder);
    if (child === null) {
      this.#open.pop();
      return null;
    }
    this.#count += 1;
    const { maxEntries } = this.#limits;
    if (this.#count > maxEntries)
      throw new LimitExceeded(`the file system has more than ${maxEntries} entries`);
    const path = folder.prefix + child.name;
    try {
      this.#expectName(child.name, path);
      return { path, inode: await child.open() };
    } catch (error) {
      this.failed(path, error);
      return null;
    }
  }

  async #nextChild({ prefix, children }: Folder): Promise<Child | null> {
    try {
      const { done, value } = await children.next();
      return done ? null : value;
    } catch (error) {
      this.failed(prefix.slice(0, -1), error);
      return null;
    }
  }

  #expectName(name: string, path: string): void {
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name))
      throw new MalformedInput(`"${printableName(name)}" is not the name of a file: left out`);
    const { maxPathLength } = this.#limits;
    if (path.length * 3 > maxPathLength && encodeName(path).length > maxPathLength)
      throw new PathTooLong(`path is longer than ${maxPathLength} bytes: left out`);
  }

  /** The path under which a file with several names was met before, or null. */
  firstName(path: string, { type, id, names }: Inode): string | null {
    if (type === 'directory' || names < 2) return null;
    const first = this.#names.get(id);
    if (first === undefined) this.#names.set(id, path);
    return first ?? null;
  }

  /** Costs the part alone, unless a budget is spent: that of the whole. */
  failed(path: string, error: unknown): void {
    if (!(error instanceof DamagedInput)) throw error;
    if (error instanceof LimitExceeded && !(error instanceof PathTooLong)) throw error;
    this.#damage += 1;
    if (this.#damage > mostDamage)
      throw new MalformedInput(`more than ${mostDamage} files and directories are damaged`);
    this.#report(path.slice(0, 256), error);
  }
}

/** Of one file, not of the walk. */
class PathTooLong extends LimitExceeded {}

function entryOf(path: string, inode: Inode, first: string | null, tree: TreeWalk): Entry {
  const { type, size, mode, uid, gid, linkTarget, capability, content } = inode;
  const header = { path, mode, uid, gid, capability };
  if (first !== null)
    return { ...header, type: 'hardlink', size: 0, linkTarget: first, body: nothing };
  if (type !== 'file') return { ...header, type, size: 0, linkTarget, body: nothing };
  const body = () => reported(path, content.stream(0, size), tree);
  return { ...header, type, size, linkTarget: '', body, content };
}

/** Ends at the damage, which is reported: the catalog then knows that the file is not whole. */
async function* reported(
  path: string,
  bytes: AsyncIterable<Buffer>,
  tree: TreeWalk,
): AsyncIterable<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    tree.failed(path, error);
  }
}

async function* nothing(): AsyncGenerator<Buffer, void, undefined> {}
