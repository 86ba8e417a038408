import { setImmediate as breathe } from 'node:timers/promises';
import type { Limits } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import type { LayerCatalog } from '../layers/catalog.ts';
import type { Root } from '../layers/root.ts';
import { squash } from '../layers/squash.ts';
import { createOwnership, type OwnershipOf } from '../root/ownership/create-ownership.ts';
import { createPackageOwners, type PackageOwners } from '../root/packages/package-owners.ts';
import { isWholeRoot, type RootTarget } from '../root/root-facts.ts';
import type { Holder } from './holder.ts';

/** A target, or one that lies in a file of another. */
export interface Level {
  readonly target: RootTarget;
  readonly catalogs: readonly LayerCatalog[];
  readonly problems: readonly Problem[];
  readonly holder: Holder | null;
}

export interface LevelReading {
  readonly limits: Limits;
  /**
   * The same catalogs with every digest that databases of packages know files by. Absent: the ones that are there have
   * them.
   */
  readonly withDigests?: () => Promise<readonly LayerCatalog[]>;
}

/** A level, as a root. */
export interface OpenLevel {
  readonly catalogs: readonly LayerCatalog[];
  readonly root: Root;
  readonly problems: readonly Problem[];
  readonly isWhole: boolean;
  readonly owners: PackageOwners | undefined;
  readonly ownershipOf: OwnershipOf;
}

/** Reads the layers again where a package claims a file whose digest was left out. */
export async function openLevel(
  { target, catalogs, holder }: Level,
  { limits, withDigests }: LevelReading,
): Promise<OpenLevel> {
  const opened = await squashed(target, catalogs, limits);
  const lacks = holder === null && opened.owners?.lacksDigests === true;
  if (!lacks || withDigests === undefined) return opened;
  return squashed(target, await withDigests(), limits);
}

async function squashed(
  target: RootTarget,
  catalogs: readonly LayerCatalog[],
  limits: Limits,
): Promise<OpenLevel> {
  await breathe();
  const { root, problems } = squash(catalogs, limits);
  const isWhole = target.kind !== 'file' && isWholeRoot(target, root);
  const owners = isWhole ? createPackageOwners(root) : undefined;
  const ownershipOf = createOwnership(root, owners ?? null);
  return { catalogs, root, problems, isWhole, owners, ownershipOf };
}
