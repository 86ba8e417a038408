import type { Extraction } from '../../extraction/extraction.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import type { Exposure } from '../exposure/exposure.ts';
import type { PackageOwners } from '../packages/package-owners.ts';
import { createConda } from './components/conda.ts';
import type { Finder, Found } from './components/finder.ts';
import { createGem } from './components/gem.ts';
import { createJava } from './components/java.ts';
import { createNpm } from './components/npm.ts';
import { createPython } from './components/python.ts';
import { goModule } from './go-module.ts';
import { ownershipByPackage } from './of-package.ts';
import type { Ownership } from './ownership.ts';

/**
 * Whose a file of a root is; `extraction` is null for a file that is not an ELF file, `exposure` if nothing starts it.
 */
export type OwnershipOf = (
  entry: RootEntry,
  extraction: Extraction | null,
  exposure?: Exposure | null,
) => Ownership;

/**
 * Asks the databases first: that of the distribution, then those of package managers of languages. Files that none of
 * them lists are the author's own; nothing that a file says about itself makes it someone else's. `owners` is null if
 * the files are not in a system.
 */
export function createOwnership(root: Root, owners: PackageOwners | null): OwnershipOf {
  const names = namesByInode(root);
  const wanted = new Set([...names.values()].flat());
  const wants = (path: string) => wanted.has(path);
  const finders = [
    createConda(root, wants),
    createPython(root, wants),
    createNpm(root),
    createGem(root),
    createJava(root),
  ];
  const archives = new Map(root.containers.map((each) => [each.entry.inode, each.digests]));
  const digestOf = ({ elf, inode }: RootEntry) => elf ?? archives.get(inode)?.sha256 ?? null;
  return (entry, extraction, exposure = null) => {
    const packaged = byPackage(entry, owners);
    if (packaged !== null) return packaged;
    const paths = names.get(entry.inode) ?? [entry.path];
    const found = byComponent(finders, paths, digestOf(entry));
    return found === null ? own(entry, extraction, owners) : unlessMadeOwn(found, exposure);
  };
}

/**
 * Anybody can write a package.json, so that one that no digest and no list stands behind is not believed of a program that the image
 * runs, however its command comes to it; what programs load is as they bring it. And no package manager of a language gives rights to
 * a file: the author of the image did.
 */
function unlessMadeOwn({ ownership, vouched }: Found, exposure: Exposure | null): Ownership {
  const { whose, component, because } = ownership;
  if (whose === 'yours' || exposure === null) return ownership;
  const why = exposure.privileged
    ? 'it has rights that no package manager of a language gives'
    : vouched === 'name' && !['loaded', 'unread'].includes(exposure.reached?.how ?? 'loaded')
      ? 'nothing vouches for its content, and it is what the image starts'
      : null;
  return why === null ? ownership : { whose: 'yours', component, because: `${why}; ${because}` };
}

/** Any of the hard links of a file may be the one that a list names: uv links what it has in its cache. */
function namesByInode({ binaries, containers }: Root): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, string[]>();
  for (const { inode, path } of [...binaries, ...containers.map(({ entry }) => entry)]) {
    const list = names.get(inode);
    if (list === undefined) names.set(inode, [path]);
    else list.push(path);
  }
  return names;
}

function byPackage(entry: RootEntry, owners: PackageOwners | null): Ownership | null {
  const owner = owners?.(entry);
  if (owners === null || owner?.known !== true || owner.value === null) return null;
  return ownershipByPackage(owner.value, owners.knownBy(entry) ?? 'path');
}

function byComponent(
  finders: readonly Finder[],
  names: readonly string[],
  sha256: string | null,
): Found | null {
  for (const path of names) {
    for (const find of finders) {
      const found = find({ path, sha256 });
      if (found !== null) return found;
    }
  }
  return null;
}

function own(
  entry: RootEntry,
  extraction: Extraction | null,
  owners: PackageOwners | null,
): Ownership {
  const component = goModule(extraction);
  const replaced = owners?.replaces(entry) ?? null;
  const because =
    replaced === null
      ? 'no package or list of a package manager has it'
      : `it is not the file that ${replaced.name} ${replaced.version} brings`;
  return { whose: 'yours', component, because };
}
