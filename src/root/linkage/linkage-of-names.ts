import type { Root, RootEntry } from '../../layers/root.ts';
import type { Binary } from '../binaries.ts';
import type { Link } from '../loader/result/link-result.ts';
import type { Linkage, Linker } from './linkage.ts';

/** No program has as many hard links; a hostile root could. */
const mostNames = 64;

/**
 * Linux starts a hard link under the name that was given, and `$ORIGIN` counts from there. So a program that has the word
 * is linked by each of its names, and one by which it does not start speaks for it. Where others start, it says by which it does not.
 */
export function linkageOfNames(
  { entry, aliases, extraction }: Binary,
  root: Root,
  linker: Linker,
): Linkage {
  const first = linker.linkageOf(entry, extraction);
  const linking = extraction.linking.known ? extraction.linking.value : null;
  const path = linking?.runpath ?? linking?.rpath ?? '';
  if (!path.includes('$') || linkOf(first) === null) return first;
  const named = [
    { name: entry.path, linkage: first },
    ...hardLinks(root, entry, aliases).map((other) => ({
      name: other.path,
      linkage: linker.linkageOf(other, extraction),
    })),
  ];
  const dead = named.find(({ linkage }) => isDead(linkage));
  if (dead === undefined) return first;
  const { name, linkage } = dead;
  const isAlone = linkage.where === 'root' && named.some((each) => !isDead(each.linkage));
  return isAlone ? { ...linkage, onlyAs: name } : linkage;
}

/** Symbolic links lead to a name that is linked already. */
function hardLinks(root: Root, entry: RootEntry, aliases: readonly string[]): RootEntry[] {
  return aliases.slice(0, mostNames).flatMap((alias) => {
    const other = root.entry(alias);
    return other?.type === 'file' && other.inode === entry.inode ? [other] : [];
  });
}

function linkOf(linkage: Linkage): Link | null {
  return linkage.where === 'root' ? linkage.link : null;
}

function isDead(linkage: Linkage): boolean {
  const link = linkOf(linkage);
  if (link === null) return false;
  const { missingLibraries, missingVersions, missingSymbols, refusedFiles } = link;
  return [missingLibraries, missingVersions, missingSymbols, refusedFiles].some(
    ({ length }) => length > 0,
  );
}
