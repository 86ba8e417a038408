import { sources } from '../index.ts';
import type { Source } from '../source.ts';
import type { PackageHolding } from './input.ts';
import { packageHolding } from './kind-by-names.ts';

/** Of a tar whose first name is that of a package. */
export interface TarPackageName {
  readonly holding: PackageHolding;
  /** What the tar must hold to be one; null: the first name is enough. */
  readonly manifest: string | null;
}

let loaded: Promise<readonly Source[]> | undefined;

/** In the order of their schemes. */
export function allSources(): Promise<readonly Source[]> {
  loaded ??= Promise.all(Object.values(sources).map((load) => load()));
  return loaded;
}

export async function tarPackageBeginningWith(firstName: string): Promise<TarPackageName | null> {
  const named = (await allSources()).find(({ inTar }) => inTar?.beginsWith(firstName));
  if (named?.inTar === undefined) return null;
  return { holding: packageHolding(named.scheme), manifest: named.inTar.manifest ?? null };
}

/** Whether a file of this name would be opened by a source. */
export async function isNameOfInput(name: string): Promise<boolean> {
  const ending = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase();
  return (
    ending !== undefined && (await allSources()).some(({ endings }) => endings?.includes(ending))
  );
}
