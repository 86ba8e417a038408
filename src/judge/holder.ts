import { known, notKnown } from '../base/fact.ts';
import { isIncomplete, isUnreadProgram, type Problem } from '../base/problem.ts';
import { printableName } from '../base/text.ts';
import type { Contained } from '../layers/catalog.ts';
import type { Container } from '../layers/root.ts';
import type { OwnershipOf } from '../root/ownership/create-ownership.ts';
import { componentOf } from '../root/ownership/of-package.ts';
import type { Ownership } from '../root/ownership/ownership.ts';
import type { Package } from '../root/packages/package.ts';
import type { PackageOwners } from '../root/packages/package-owners.ts';
import type { RootFacts } from '../root/root-facts.ts';
import type { Loaders } from './never-loaded.ts';

/** The file that a target lies in. */
export interface Holder {
  /** `/boot/modloop-lts!`, in front of each path. */
  readonly prefix: string;
  /** Of the outermost file: its layer, and who owns it. */
  readonly layer: number;
  readonly package: RootFacts['package'];
  readonly ownership: Ownership;
  /** It lies, at some level, in a root file system as what no program is started from, or is not yours. */
  readonly isData: boolean;
  /** It is a package in the cache of its package manager, and nothing is started of it there. */
  readonly isCached: boolean;
  /** Of the innermost root around it. */
  readonly loaders: Loaders;
}

/** What is around a container. */
export interface Around {
  readonly holder: Holder | null;
  readonly isWhole: boolean;
  readonly owners: PackageOwners | undefined;
  readonly ownershipOf: OwnershipOf;
  readonly loaders: Loaders;
  readonly isCached: (container: Container) => boolean;
}

const noOwner = notKnown('there is no root filesystem around the file');

export function holderOf(
  container: Container,
  { name }: Contained,
  { holder, isWhole, owners, ownershipOf, loaders, isCached: isInCache }: Around,
): Holder {
  const { entry } = container;
  const isCached = holder === null && isWhole && isInCache(container);
  const middle = name === '' ? '' : `${name}!`;
  const path = `${holder?.prefix ?? ''}${entry.path}`;
  const ownership = ownershipInside(entry, holder, ownershipOf);
  const isTheirs = ownership.whose !== 'yours';
  return {
    prefix: `${path}!${middle}`,
    layer: holder?.layer ?? entry.layer,
    package: holder?.package ?? owners?.(entry) ?? noOwner,
    ownership,
    isCached,
    isData: isTheirs || (holder?.isData ?? false) || (isWhole && !isRunFrom(entry)),
    loaders,
  };
}

/** A file in a file that is somebody else's is theirs as well. */
function ownershipInside(
  entry: Container['entry'],
  holder: Holder | null,
  ownershipOf: OwnershipOf,
): Ownership {
  const found = ownershipOf(entry, null);
  return found.whose === 'yours' && holder !== null ? holder.ownership : found;
}

/**
 * What a virtual machine, an interpreter or the kernel starts programs from, or loads libraries of. Elsewhere a root has
 * archives to read: test cases, caches, documents.
 */
function isRunFrom({ path, mode, shebang, elf }: Container['entry']): boolean {
  if (/\.(?:jar|war|ear|pex|pyz|egg|whl|appimage)$/i.test(path)) return true;
  return (mode & 0o111) !== 0 && (shebang !== null || elf !== null);
}

/** What nothing inside claims belongs to whom the outermost file belongs to. */
export function ownedBy(holder: Holder | null, facts: RootFacts): RootFacts {
  if (holder === null) return facts;
  const { package: owner } = facts;
  const isClaimed = owner.known && owner.value !== null;
  const isOwned = holder.package.known && holder.package.value !== null;
  return {
    ...facts,
    ...(isClaimed || !isOwned ? {} : { package: holder.package }),
    ...(isListed(facts) || holder.ownership.whose === 'yours'
      ? {}
      : { ownership: known(holder.ownership) }),
  };
}

/**
 * A package is its own database. A package that is scanned by itself is yours, even if others built it; components in
 * its own lists stay theirs.
 */
export function ownedByPackage(owner: Package, facts: RootFacts, holder: Holder | null): RootFacts {
  if (holder?.isCached === true) return ownedByCached(owner, facts);
  const because = `the package ${owner.name} was scanned by itself`;
  const own = known({ whose: 'yours' as const, component: componentOf(owner), because });
  return { ...facts, package: known(owner), ownership: isListed(facts) ? facts.ownership : own };
}

/** What a package manager left in its cache was downloaded: it belongs to those who made the package. */
function ownedByCached(owner: Package, facts: RootFacts): RootFacts {
  const { maker, name, version } = owner;
  const because = `it lies in the cache of a package manager, in the package ${name} ${version}, ${maker.because}`;
  const whose = maker.by === 'distribution' ? ('distribution' as const) : ('dependency' as const);
  const ownership = known({ whose, component: componentOf(owner), because });
  return { ...facts, package: known(owner), ownership };
}

/** A list has it as somebody else's. */
function isListed({ ownership }: RootFacts): boolean {
  return ownership.known && ownership.value.whose !== 'yours';
}

/**
 * In a root file system most containers are data, and so are those of the distribution and of dependencies: test cases
 * of a compiler are damaged on purpose. If they cannot be read, the result is still complete, but not if a limit is
 * exceeded or a program is not read.
 */
export function problemIn(holder: Holder | null, problem: Problem): Problem {
  if (holder === null) return problem;
  const file = printableName(holder.prefix.slice(0, -1));
  const where = problem.where === '' ? file : `${file}!${problem.where}`;
  const counts = problem.kind === 'limit' || isUnreadProgram(problem);
  const isData = holder.isData && isIncomplete(problem) && !counts;
  return { ...problem, where, kind: isData ? 'notice' : problem.kind };
}
