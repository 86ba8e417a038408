import { type Fact, known, notKnown } from '../../fact.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import { readOperatingSystem } from '../operating-system.ts';
import { readApk } from './apk.ts';
import { readDpkg } from './dpkg.ts';
import type { Package } from './package.ts';
import { readPacman } from './pacman.ts';
import { readRpm } from './rpm.ts';

/**
 * The package that a file belongs to; null where no package claims it: then the image's author added it. Not known
 * without a database that can be read.
 */
export type PackageOwners = (entry: RootEntry) => Fact<Package | null>;

const databases = [readApk, readDpkg, readRpm, readPacman];

/** Of several packages that claim a path the first one counts, as the databases name them. */
export function createPackageOwners(root: Root): PackageOwners {
  const namesOf = createNamer(root);
  const wanted = new Set<string>();
  for (const entry of ownable(root)) for (const name of namesOf(entry.path)) wanted.add(name);
  const owners = new Map<string, Package>();
  const os = readOperatingSystem(root);
  const read = databases.map((database) => database(root, os, (path) => wanted.has(path)));
  for (const database of read) {
    if (database.state !== 'read') continue;
    for (const { package: owner, paths } of database.packages) {
      for (const path of paths) if (!owners.has(path)) owners.set(path, owner);
    }
  }
  const ofInodes = ownersOfInodes(root, namesOf, owners);
  const unreadable = read.find((database) => database.state === 'unreadable');
  const isTold = read.some(({ state }) => state === 'read') && unreadable === undefined;
  const because = unreadable?.because ?? 'the root has no package database';
  return (entry) => {
    const owner = ofInodes.get(entry.inode);
    if (owner !== undefined) return known(owner);
    return isTold ? known(null) : notKnown(because);
  };
}

/** Any of the hard links of a file may be the one that its package names. */
function ownersOfInodes(
  root: Root,
  namesOf: (path: string) => readonly string[],
  owners: ReadonlyMap<string, Package>,
): ReadonlyMap<number, Package> {
  const found = new Map<number, Package>();
  const add = ({ path, inode }: RootEntry) => {
    if (found.has(inode)) return;
    const owner = namesOf(path)
      .map((name) => owners.get(name))
      .find((each) => each !== undefined);
    if (owner !== undefined) found.set(inode, owner);
  };
  for (const entry of ownable(root)) add(entry);
  return found;
}

/** Of other files nobody asks. */
function ownable({ binaries, containers }: Root): readonly RootEntry[] {
  return [...binaries, ...containers.map(({ entry }) => entry)];
}

/**
 * A file's own path, and what packages may call it: /usr/bin/ls was packed as /bin/ls by a package that is older than
 * the merge of both directories.
 */
function createNamer(root: Root): (path: string) => readonly string[] {
  const links = ['/', '/usr/'].flatMap((folder) =>
    root.list(folder === '/' ? '/' : '/usr').flatMap((name) => {
      const link = folder + name;
      const target = root.entry(link)?.type === 'symlink' ? root.resolve(link) : undefined;
      if (target?.type !== 'directory' || target.path === '/') return [];
      return [{ link: `${link}/`, target: `${target.path}/` }];
    }),
  );
  return (path) => [
    path,
    ...links
      .filter(({ target }) => path.startsWith(target))
      .map(({ link, target }) => link + path.slice(target.length)),
  ];
}
