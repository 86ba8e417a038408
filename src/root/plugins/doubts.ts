import type { Link, MissingLibrary } from '../loader/result/link-result.ts';
import type { MissingSymbol } from '../loader/symbols/missing-symbols.ts';
import type { Elsewhere } from './elsewhere.ts';

/**
 * A process may have opened other libraries before a plugin: what is missing and lies elsewhere in the root may be
 * there by then. Names of glibc's own come from nowhere else. `isGiven`: what a host that is not here would define.
 */
export function withDoubts(
  link: Link,
  elsewhere: Elsewhere,
  isGiven: (name: string) => boolean,
): Link {
  const undecided = [...link.undecided];
  const missingLibraries = link.missingLibraries.filter((library) => {
    const doubt = libraryDoubt(library, elsewhere);
    if (doubt !== null) undecided.push(doubt);
    return doubt === null;
  });
  const missingSymbols = link.missingSymbols.filter((symbol) => {
    if (isOfGlibc(symbol)) return true;
    if (isGiven(symbol.bareName)) return false;
    const other = elsewhere.definerOf(symbol.bareName, symbol.neededBy);
    if (other !== null) undecided.push(`${symbol.name} is there only if ${other} is loaded before`);
    return other === null;
  });
  return { ...link, missingLibraries, missingSymbols, undecided };
}

/** A container runtime mounts the driver's own libraries when it gives a graphics card to a container. */
const mountedAtStart = /^lib(?:cuda|nvidia-\w+|nvcuvid|nvoptix)\.so/;

function libraryDoubt(
  { name, neededBy, because }: MissingLibrary,
  elsewhere: Elsewhere,
): string | null {
  if (because !== null) return null;
  if (mountedAtStart.test(name)) {
    return `${name}, needed by ${neededBy}, is the graphics driver's: the container runtime mounts it`;
  }
  const other = elsewhere.libraryNamed(name);
  return other === null
    ? null
    : `${name}, needed by ${neededBy}, is found only if ${other} is loaded before`;
}

/** By the required version: glibc gives one to everything that it defines. */
export function isOfGlibc({ version }: MissingSymbol): boolean {
  return version?.startsWith('GLIBC_') ?? false;
}
