import { sources } from '../index.ts';
import type { Source } from '../source.ts';
import type { PackageHolding } from './input.ts';
import { packageHolding } from './kind-by-names.ts';

/** Of a tar whose first name may be that of a package. */
export interface TarPackageName {
  readonly holding: PackageHolding;
  /** Whether a name in it, which may be the first one, leaves no doubt. */
  isDecidedBy(name: string): boolean;
}

let loaded: Promise<readonly Source[]> | undefined;

/** In the order of their schemes. */
export function allSources(): Promise<readonly Source[]> {
  loaded ??= Promise.all(Object.values(sources).map((load) => load()));
  return loaded;
}

export async function tarPackagesBeginningWith(
  firstName: string,
): Promise<readonly TarPackageName[]> {
  return (await allSources()).flatMap(({ scheme, inTar }) =>
    inTar?.beginsWith(firstName) === true
      ? [
          {
            holding: packageHolding(scheme),
            isDecidedBy: (name) => inTar.isDecidedBy?.(name, firstName) ?? true,
          },
        ]
      : [],
  );
}

/** Whether a file of this name would be opened by a source. */
export async function isNameOfInput(name: string): Promise<boolean> {
  const ending = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase();
  return (
    ending !== undefined && (await allSources()).some(({ endings }) => endings?.includes(ending))
  );
}
