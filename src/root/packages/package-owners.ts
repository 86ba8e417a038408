import { type Fact, known, notKnown } from '../../base/fact.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import { readOperatingSystem } from '../system/operating-system.ts';
import { readApk } from './apk.ts';
import { readDpkg } from './dpkg.ts';
import type { FileDigest, Package, WantsPath } from './package.ts';
import { readPacman } from './pacman.ts';
import { readRpm } from './rpm.ts';

/**
 * The package that a file belongs to; null where no package claims it, or none whose digest agrees with its content: then
 * the image's author added it. Not known without a database that can be read.
 */
export interface PackageOwners {
  (entry: RootEntry): Fact<Package | null>;
  /** How the owner is known: the digest agrees, or the database has none and names the path alone; null without one. */
  knownBy(entry: RootEntry): 'digest' | 'path' | null;
  /** The package whose file lay there, or should; null where there is none. */
  replaces(entry: RootEntry): Package | null;
  /** Whether a package names the path of a file that is not an ELF file, whatever its content is. */
  claims(entry: RootEntry): boolean;
  /** A package claims a file by a digest that was left out when the file was read. */
  readonly lacksDigests: boolean;
}

const databases = [readApk, readDpkg, readRpm, readPacman];

interface Claim {
  readonly owner: Package;
  /** undefined: its database has none; null: it has them, but none of this file. */
  readonly digest: FileDigest | null | undefined;
  /** Of a database without digests: the layer that recorded the file; a later one is not what was recorded. */
  readonly layer: number;
}

/** Of several packages that claim a path the first one counts whose digest agrees, as the databases name them. */
export function createPackageOwners(root: Root): PackageOwners {
  const namesOf = createNamer(root);
  const wanted = new Set<string>();
  for (const { path } of [...ownable(root), ...root.otherPrograms])
    for (const name of namesOf(path)) wanted.add(name);
  const asked = createAsked(wanted);
  const claims = new Map<string, Claim[]>();
  const os = readOperatingSystem(root);
  const read = databases.map((database) => database(root, os, asked.wants));
  for (const database of read) {
    if (database.state !== 'read') continue;
    for (const { package: owner, paths, digests, record } of database.packages) {
      const layer = layerOf(root, record);
      for (const path of paths) {
        const list = claims.get(path);
        const digest = digests === undefined ? undefined : digests.get(path);
        const claim = { owner, digest, layer };
        if (list === undefined) claims.set(path, [claim]);
        else list.push(claim);
      }
    }
  }
  const ofInodes = claimsOfInodes(root, namesOf, claims);
  const unreadable = read.find((database) => database.state === 'unreadable');
  const because =
    unreadable?.because ??
    (asked.isExcessive() ? tooManyNames : null) ??
    (read.some(({ state }) => state === 'read') ? null : 'the root has no package database');
  const contents = contentsOf(root);
  const claimOf = (entry: RootEntry) =>
    ofInodes.get(entry.inode)?.find((claim) => agrees(claim, entry, contents));
  const owner = (entry: RootEntry) => claimOf(entry)?.owner;
  return Object.assign(
    (entry: RootEntry) => {
      const found = owner(entry);
      if (found !== undefined) return known(found);
      return because === null ? known(null) : notKnown(because);
    },
    {
      knownBy(entry: RootEntry) {
        const claim = claimOf(entry);
        if (claim === undefined) return null;
        return claim.digest === undefined || claim.digest === null ? 'path' : 'digest';
      },
      replaces: (entry: RootEntry) =>
        owner(entry) === undefined ? (ofInodes.get(entry.inode)?.[0]?.owner ?? null) : null,
      claims: ({ path }: RootEntry) => namesOf(path).some((name) => claims.has(name)),
      lacksDigests: [...filesOf(root).values()].some((entry) =>
        ofInodes.get(entry.inode)?.some((claim) => isLeftOut(claim, entry, root)),
      ),
    },
  );
}

/** Characters: each name is put together and hashed, and of a database of 64 MiB each could be as long as a path may be. */
const mostAsked = 1 << 28;
const tooManyNames = `the package database names more than ${mostAsked} characters of paths`;

interface Asked {
  readonly wants: WantsPath;
  isExcessive(): boolean;
}

function createAsked(wanted: ReadonlySet<string>): Asked {
  let left = mostAsked;
  return {
    wants(path) {
      left -= path.length;
      return left >= 0 && wanted.has(path);
    },
    isExcessive: () => left < 0,
  };
}

/** One name of each. */
function filesOf(root: Root): ReadonlyMap<number, RootEntry> {
  return new Map(ownable(root).map((entry) => [entry.inode, entry]));
}

function layerOf(root: Root, record: string | undefined): number {
  const entry = record === undefined ? undefined : root.resolve(record);
  return entry?.layer ?? Number.POSITIVE_INFINITY;
}

/** An ELF file that was lost when it was read cannot be compared; an archive that was not read whole agrees with nothing. */
function agrees({ digest, layer }: Claim, entry: RootEntry, contents: Contents): boolean {
  if (digest === undefined) return entry.layer <= layer;
  if (digest === null) return false;
  const digests = contents(entry);
  return digests === 'lost' || digests?.[digest.algorithm] === digest.hex;
}

/** null: there are none. */
type Contents = (
  entry: RootEntry,
) => Readonly<Partial<Record<FileDigest['algorithm'], string>>> | 'lost' | null;

function contentsOf({ extractions, containers }: Root): Contents {
  const archives = new Map(containers.map(({ entry, digests }) => [entry.inode, digests]));
  return ({ elf, inode }) => {
    if (elf === null) return archives.get(inode) ?? null;
    const content = extractions.get(elf);
    return content === undefined ? 'lost' : { ...content.others, sha256: content.sha256 };
  };
}

function isLeftOut({ digest }: Claim, { elf }: RootEntry, root: Root): boolean {
  const content = elf === null ? undefined : root.extractions.get(elf);
  if (content === undefined || !digest || digest.algorithm === 'sha256') return false;
  return content.others[digest.algorithm] === undefined;
}

/** Any of the hard links of a file may be the one that its package names. */
function claimsOfInodes(
  root: Root,
  namesOf: (path: string) => readonly string[],
  claims: ReadonlyMap<string, readonly Claim[]>,
): ReadonlyMap<number, readonly Claim[]> {
  const found = new Map<number, Claim[]>();
  for (const { path, inode } of ownable(root)) {
    const own = namesOf(path).flatMap((name) => claims.get(name) ?? []);
    if (own.length === 0) continue;
    const list = found.get(inode);
    if (list === undefined) found.set(inode, own);
    else for (const claim of own) list.push(claim);
  }
  return found;
}

/** Owners of other files are not asked. */
function ownable({ binaries, containers }: Root): readonly RootEntry[] {
  return [...binaries, ...containers.map(({ entry }) => entry)];
}

/** A merged /usr has eight: each makes one more name of every file behind it. */
const mostLinks = 32;

/**
 * A file's own path, and what packages may call it: /usr/bin/ls was packed as /bin/ls by a package that is older than
 * the merge of both directories.
 */
function createNamer(root: Root): (path: string) => readonly string[] {
  const links = ['/', '/usr/']
    .flatMap((folder) =>
      root.list(folder === '/' ? '/' : '/usr').flatMap((name) => {
        const link = folder + name;
        const target = root.entry(link)?.type === 'symlink' ? root.resolve(link) : undefined;
        if (target?.type !== 'directory' || target.path === '/') return [];
        return [{ link: `${link}/`, target: `${target.path}/` }];
      }),
    )
    .slice(0, mostLinks);
  return (path) => [
    path,
    ...links
      .filter(({ target }) => path.startsWith(target))
      .map(({ link, target }) => link + path.slice(target.length)),
  ];
}
