import { type ProcessorLevel, processorLevels } from '../../base/required-system.ts';
import type { Binary } from '../binaries.ts';

/** The lowest level of those for whose folders of `glibc-hwcaps` a library is; null: processors of any level find it. */
export type LevelFolders = (binary: Binary) => ProcessorLevel | null;

/**
 * glibc (from 2.33 on) searches `glibc-hwcaps/x86-64-v3` in each folder of its search on processors of that level alone, and older
 * releases and musl never do (elf/dl-hwcaps.c). A run path that names such a folder itself has any processor search it.
 */
export function createLevelFolders(binaries: readonly Binary[]): LevelFolders {
  if (!binaries.some(({ entry }) => isInLevelFolder(entry.path))) return () => null;
  if (binaries.some(searchesLevelFolder)) return () => null;
  return ({ entry, aliases }) => {
    const levels = [entry.path, ...aliases].map(levelOf);
    const ranks = levels.map((level) => (level === null ? -1 : processorLevels.indexOf(level)));
    return processorLevels[Math.min(...ranks)] ?? null;
  };
}

function isInLevelFolder(path: string): boolean {
  return levelOf(path) !== null;
}

function levelOf(path: string): ProcessorLevel | null {
  const [, name] = /\/glibc-hwcaps\/([^/]+)\/[^/]+$/.exec(path) ?? [];
  return processorLevels.find((level) => level === name) ?? null;
}

function searchesLevelFolder({ extraction: { linking } }: Binary): boolean {
  if (!linking.known) return false;
  const { rpath, runpath } = linking.value;
  return [rpath, runpath].some((path) => path?.includes('glibc-hwcaps') === true);
}
