import type { Extraction } from '../extraction/extraction.ts';
import type { Root, RootEntry } from '../layers/root.ts';

/** One ELF file of a root, under one of its names. */
export interface Binary {
  readonly entry: RootEntry;
  /** Its other names, sorted: hard links, and symbolic links that lead to it. */
  readonly aliases: readonly string[];
  readonly extraction: Extraction;
}

/**
 * The ELF files of a root, each once: BusyBox with 300 applets is one binary with 300 aliases. Of several hard links
 * the first by name stands for the file. A file is left out when all names that are not links are excluded.
 */
export function findBinaries(root: Root, excludes: (path: string) => boolean): Binary[] {
  const files = new Map<number, { entry: RootEntry; extraction: Extraction; aliases: string[] }>();
  for (const entry of root.binaries) {
    if (entry.elf === null || excludes(entry.path)) continue;
    const extraction = root.extractions.get(entry.elf);
    if (extraction === undefined) continue;
    const file = files.get(entry.inode);
    if (file === undefined) files.set(entry.inode, { entry, extraction, aliases: [] });
    else file.aliases.push(entry.path);
  }
  for (const link of root.links) {
    const target = root.resolve(link.path);
    if (target?.elf) files.get(target.inode)?.aliases.push(link.path);
  }
  return [...files.values()].map((file) => ({ ...file, aliases: file.aliases.sort() }));
}

/** How many ELF files `findBinaries` leaves out. */
export function countExcluded(root: Root, excludes: (path: string) => boolean): number {
  const excluded = new Set<number>();
  const kept = new Set<number>();
  for (const { elf, inode, path } of root.binaries)
    if (elf !== null) (excludes(path) ? excluded : kept).add(inode);
  return [...excluded].filter((inode) => !kept.has(inode)).length;
}
