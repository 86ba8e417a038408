import { oncePer } from '../../base/once-per.ts';
import type { LinkTables } from '../../facts/link-tables/link-tables.ts';
import type { Root } from '../../layers/root.ts';
import type { ChosenLoader } from '../loader/choose-loader.ts';
import type { ProcessContext } from '../loader/process/process-context.ts';
import { type ModelledLibc, sameArchitecture } from '../loader/process-image.ts';
import type { SymbolIndex } from '../loader/symbols/symbol-index.ts';

export interface PluginSetting {
  readonly root: Root;
  readonly context: ProcessContext;
  /** Loaders that the root holds. */
  readonly loaders: readonly LoaderInRoot[];
  /** What serves a program of this architecture that names the interpreter. */
  loaderOf(interpreter: string, tables: LinkTables): ChosenLoader | null;
  symbols(): SymbolIndex;
}

export interface LoaderInRoot {
  readonly path: string;
  readonly libc: ModelledLibc;
  readonly machine: number;
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
}

/** No real root has as many. */
const mostLoaders = 8;

/** By what distinguishes architectures: looked up for every plugin of a root. */
const knownOf = oncePer((_: PluginSetting) => new Map<string, readonly ChosenLoader[]>());

/** As the programs of the root name them; without one, as they lie there. */
export function loadersFor(tables: LinkTables, setting: PluginSetting): readonly ChosenLoader[] {
  const { machine, bits, byteOrder } = tables;
  const key = `${machine} ${bits} ${byteOrder}`;
  const known = knownOf(setting);
  const found = known.get(key) ?? findLoaders(tables, setting);
  known.set(key, found);
  return found;
}

function findLoaders(
  tables: LinkTables,
  { root, loaders, loaderOf }: PluginSetting,
): readonly ChosenLoader[] {
  const names = new Set<string>();
  for (const { elf } of root.binaries) {
    const linking = root.extractions.get(elf ?? '')?.linking;
    if (!linking?.known || !sameArchitecture(linking.value, tables)) continue;
    if (linking.value.interpreter !== null) names.add(linking.value.interpreter);
    if (names.size === mostLoaders) break;
  }
  const found = new Map<string, ChosenLoader>();
  for (const name of [...names, ...loaders.map(({ path }) => path)]) {
    const loader = loaderOf(name, tables);
    if (loader !== null && !found.has(loader.file.path)) found.set(loader.file.path, loader);
  }
  return [...found.values()].slice(0, mostLoaders);
}
