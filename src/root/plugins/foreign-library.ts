import type { LibcName } from '../../facts/libc.ts';
import type { LinkTables } from '../../facts/link-tables/link-tables.ts';
import type { RootEntry } from '../../layers/root.ts';
import { link } from '../loader/link-program.ts';
import { sameArchitecture } from '../loader/process-image.ts';
import type { Link } from '../loader/result/link-result.ts';
import { isOfGlibc } from './doubts.ts';
import { loadersFor, type PluginSetting } from './loaders-for.ts';

/** What a library built for glibc finds in a root whose only libc is musl. */
export interface ForeignLibrary {
  /** The first plugin that brings it: the two are judged together. */
  readonly loadedFor: string | null;
  readonly missingLibraries: readonly string[];
  /** Names that it takes from glibc, by their versions, and that nothing here defines. */
  readonly missingNames: readonly string[];
}

interface Library {
  readonly entry: RootEntry;
  readonly sha256: string;
  readonly tables: LinkTables;
  readonly libc: LibcName;
}

/** null for a library whose libc the root has, or that no loader here serves. */
export function foreignLibrary(
  { libc, ...library }: Library,
  setting: PluginSetting,
  pluginOf: (path: string) => string | null,
): ForeignLibrary | null {
  if (libc !== 'glibc') return null;
  const fitting = setting.loaders.filter((loader) => sameArchitecture(loader, library.tables));
  if (fitting.length === 0 || fitting.some((loader) => loader.libc === 'glibc')) return null;
  const [loader] = loadersFor(library.tables, setting);
  if (loader?.model.libc !== 'musl') return null;
  const loadedFor = pluginOf(library.entry.path);
  if (loadedFor !== null) return { loadedFor, missingLibraries: [], missingNames: [] };
  const program = { ...library, start: { ...setting.context, secure: false } };
  return { loadedFor, ...lacks(link(program, loader.model, loader.file, setting.symbols())) };
}

function lacks({ missingLibraries, missingSymbols }: Link) {
  return {
    missingLibraries: missingLibraries.map(({ name }) => name),
    missingNames: missingSymbols.filter(isOfGlibc).map(({ bareName }) => bareName),
  };
}
