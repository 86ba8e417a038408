import { sparseAccess } from '../../archive/tar/sparse.ts';
import type { IndexedEntry } from '../../archive/tar/tar-index.ts';
import { MalformedInput } from '../../base/errors.ts';
import { partOf, type RandomAccess } from '../../base/random-access.ts';
import type { SeekableArchive } from '../input/input.ts';
import type { Files, StoredFile } from './files.ts';
import { cleanName, linkedName } from './path-in-archive.ts';

/**
 * Links are followed inside the archive: `docker save` before version 25 wrote a layer that several images share once,
 * and a symbolic link `../<id>/layer.tar` for the others. Some runtimes take the first entry of a name, some the last,
 * and some do not take `./manifest.json` for `manifest.json`: entries of one name must be the same.
 */
export function filesOfArchive({ file, entries }: SeekableArchive): Files {
  const members = membersOf(entries);
  const compared = new Map<Twins, Promise<void>>();
  return {
    find(name) {
      const found = followLinks(members, cleanName(name));
      return found === null ? null : storedFile(file, found, name, compared);
    },
  };
}

/** Entries by their clean name, in the order of the archive. */
type Members = ReadonlyMap<string, Twins>;

/** Nearly always one. */
type Twins = readonly [IndexedEntry, ...IndexedEntry[]];

function membersOf(entries: readonly IndexedEntry[]): Members {
  const members = new Map<string, [IndexedEntry, ...IndexedEntry[]]>();
  for (const entry of entries) {
    const name = cleanName(entry.path);
    const before = members.get(name);
    if (before === undefined) members.set(name, [entry]);
    else before.push(entry);
  }
  return members;
}

/** What is at the end of the links: several entries where several have its name. */
function followLinks(members: Members, start: string): Twins | null {
  const visited = new Set<string>();
  for (let name = start; ; ) {
    const found = members.get(name);
    if (found === undefined) return null;
    refuseLinkedParent(members, name);
    const targets = new Set(found.map((entry) => targetOf(name, entry)));
    const [target] = targets;
    if (targets.size > 1)
      throw new MalformedInput(`the archive holds ${name} twice, and one of them is a link`);
    if (target === null || target === undefined) return found;
    if (visited.has(name)) throw new MalformedInput(`${start} is a link that leads back to itself`);
    visited.add(name);
    name = target;
  }
}

/** null: it is not a link. */
function targetOf(name: string, { type, linkTarget }: IndexedEntry): string | null {
  if (type === 'symlink') return linkedName(name, linkTarget);
  return type === 'hardlink' ? cleanName(linkTarget) : null;
}

/** Docker unpacks the archive and would look elsewhere; others read it by the names of its entries. */
function refuseLinkedParent(members: Members, name: string): void {
  for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
    const parent = name.slice(0, slash);
    const other = members.get(parent)?.find(({ type }) => type !== 'directory');
    if (other !== undefined)
      throw new MalformedInput(
        `${name} is below ${parent}, which is a ${other.type}, expected a directory`,
      );
  }
}

function storedFile(
  file: RandomAccess,
  found: Twins,
  name: string,
  compared: Map<Twins, Promise<void>>,
): StoredFile {
  const other = found.find(({ type }) => type !== 'file');
  if (other !== undefined) throw new MalformedInput(`${name} is a ${other.type}, expected a file`);
  const open: StoredFile['open'] = async () => {
    const [body, ...twins] = await Promise.all(found.map((entry) => contentOf(file, entry)));
    if (body === undefined) throw new Error('an entry has no body');
    const same = compared.get(found) ?? expectSame(body, twins, name);
    compared.set(found, same);
    await same;
    return { ...body, close: () => {} };
  };
  const [{ size, bodyOffset, sparse }] = found;
  // A truncated archive ends inside the body.
  const present = sparse === undefined ? partOf(file, bodyOffset, size).size : size;
  return { name, size: present, access: 'random', open };
}

async function contentOf(
  file: RandomAccess,
  { size, bodyOffset, sparse }: IndexedEntry,
): Promise<RandomAccess> {
  return sparse === undefined
    ? partOf(file, bodyOffset, size)
    : sparseAccess(partOf(file, bodyOffset, sparse.stored), sparse, size);
}

const pieceSize = 1024 * 1024;

async function expectSame(
  body: RandomAccess,
  twins: readonly RandomAccess[],
  name: string,
): Promise<void> {
  for (const twin of twins) {
    if (!(await areSame(body, twin)))
      throw new MalformedInput(
        `the archive holds ${name} twice, with ${body.size} bytes and with ${twin.size}, and they are not the same: which one counts differs by container runtime`,
      );
  }
}

async function areSame(one: RandomAccess, other: RandomAccess): Promise<boolean> {
  if (one.size !== other.size) return false;
  for (let at = 0; at < one.size; at += pieceSize) {
    const [left, right] = [await one.read(at, pieceSize), await other.read(at, pieceSize)];
    if (!left.equals(right)) return false;
  }
  return true;
}
