import type { InTar } from '../source.ts';
import { allSources } from './all-sources.ts';
import type { PackageHolding } from './input.ts';
import { packageHolding } from './kind-by-names.ts';

/** A package that is a tar, whose first name fits. */
type Possible = InTar & { readonly holding: PackageHolding };

/** Clean names of a tar as they come, until they leave no doubt which package it is. */
export class PackageByNames {
  readonly #firstName: string;
  readonly #possible: readonly Possible[];
  /** What it is where all further names lie in the first. */
  #ifOneFolder: PackageHolding | null = null;
  #isOneFolder = true;

  constructor(firstName: string, possible: readonly Possible[]) {
    this.#firstName = firstName;
    this.#possible = possible;
  }

  /** null: not decided. The first name is to be added as well. */
  add(name: string): PackageHolding | null {
    const first = this.#firstName;
    if (name !== first && !name.startsWith(`${first}/`)) this.#isOneFolder = false;
    const found = this.#possible.find(({ isDecidedBy }) => isDecidedBy?.(name, first) ?? true);
    if (found === undefined) return null;
    if (found.isOneFolder?.(first) !== true) return found.holding;
    this.#ifOneFolder = found.holding;
    return null;
  }

  /** Where that were all names. */
  get atEnd(): PackageHolding | null {
    return this.#isOneFolder ? this.#ifOneFolder : null;
  }
}

export async function packagesBeginningWith(firstName: string): Promise<PackageByNames> {
  const possible = (await allSources()).flatMap(({ scheme, inTar }) =>
    inTar?.beginsWith(firstName) === true ? [{ ...inTar, holding: packageHolding(scheme) }] : [],
  );
  return new PackageByNames(firstName, possible);
}
