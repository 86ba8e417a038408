import { baseName } from '../../base/path-parts.ts';
import type { Root } from '../../layers/root.ts';
import { definesName } from '../loader/symbols/symbol-index.ts';

/** What a root holds outside of the search paths of a process. */
export interface Elsewhere {
  /** Path of a library of that file name or DT_SONAME. */
  libraryNamed(name: string): string | null;
  /** Path of another file that defines the symbol; also when too much was asked to know that there is none. */
  definerOf(symbol: string, notIn: string): string | null;
}

/** Names that are looked for in every file. Real roots need a handful; a hostile one could need millions. */
const mostSymbols = 64;

export function createElsewhere(root: Root): Elsewhere {
  let libraries: ReadonlyMap<string, string> | null = null;
  const definers = new Map<string, readonly string[]>();
  return {
    libraryNamed(name) {
      libraries ??= librariesByName(root);
      return libraries.get(name) ?? null;
    },
    definerOf(symbol, notIn) {
      let paths = definers.get(symbol);
      if (paths === undefined) {
        if (definers.size === mostSymbols) return 'a library that was not looked for';
        paths = definersOf(root, symbol);
        definers.set(symbol, paths);
      }
      return paths.find((path) => path !== notIn) ?? null;
    },
  };
}

function librariesByName(root: Root): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path, elf } of root.binaries) {
    const linking = root.extractions.get(elf ?? '')?.linking;
    if (!linking?.known || linking.value.interpreter !== null) continue;
    for (const name of [baseName(path), linking.value.soname]) {
      if (name !== null && !found.has(name)) found.set(name, path);
    }
  }
  return found;
}

/** Two are enough: one of them is another file than the one that asks. */
function definersOf(root: Root, symbol: string): string[] {
  const found: string[] = [];
  for (const { path, elf } of root.binaries) {
    const linking = root.extractions.get(elf ?? '')?.linking;
    if (!linking?.known || linking.value.interpreter !== null) continue;
    if (!definesName(linking.value, symbol)) continue;
    found.push(path);
    if (found.length === 2) break;
  }
  return found;
}
