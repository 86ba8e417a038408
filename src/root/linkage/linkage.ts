import { type Fact, notKnown } from '../../base/fact.ts';
import { oncePer } from '../../base/once-per.ts';
import type { Extraction } from '../../extraction/extraction.ts';
import type { LinkTables } from '../../facts/link-tables/link-tables.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import { type ChosenLoader, chooseLoader } from '../loader/choose-loader.ts';
import { createLibraryShelf } from '../loader/library-shelf.ts';
import { link } from '../loader/link-program.ts';
import { type ProcessContext, startOf } from '../loader/process/process-context.ts';
import { isModelled, type ModelledLibc } from '../loader/process-image.ts';
import type { Link } from '../loader/result/link-result.ts';
import { createSymbolIndex } from '../loader/symbols/symbol-index.ts';
import type { ForeignLibrary } from '../plugins/foreign-library.ts';
import type { LoaderInRoot } from '../plugins/loaders-for.ts';
import type { PluginLinkage, ServingLoader } from '../plugins/plugin-linkage.ts';
import { createPlugins } from '../plugins/plugins.ts';
import { findInterpreter, type InterpreterState } from './interpreter-state.ts';
import { createElsewhere } from './library-elsewhere.ts';
import { createLibraryUse, type LibraryUse } from './library-use.ts';

/** How a binary meets the libc of the place where it lies. */
export type Linkage =
  | { readonly where: 'bare-file' }
  | {
      readonly where: 'root';
      /** Loaders that the root holds, sorted by path. */
      readonly loaders: readonly LoaderInRoot[];
      /** null when the file names none. */
      readonly interpreter: InterpreterState | null;
      /** What starting it came to; null when it is not a program with a known loader. */
      readonly link: Link | null;
      /** The libc that really serves it; null where `link` is null. */
      readonly servedBy: ServingLoader | null;
      /** The libc of each library that it loads, where that is known. */
      readonly libcs: readonly LibcOfLibrary[];
      /** null for a program, and for a library that no process is known to open. */
      readonly plugin: PluginLinkage | null;
      /** Of a library that is built for another libc than the root's; null for all others. */
      readonly foreign: ForeignLibrary | null;
      /** The one of its hard links by which it does not start, where by others it does. Absent: they are all alike. */
      readonly onlyAs?: string;
    };

export interface LibcOfLibrary {
  readonly path: string;
  readonly libc: ModelledLibc;
  /** The library is that libc itself, not merely built for it. */
  readonly itself: boolean;
}

export interface Linker {
  linkageOf(entry: RootEntry, extraction: Extraction): Linkage;
  /** Which of the libraries that it loads a program uses itself. */
  useOf(entry: RootEntry, extraction: Extraction): Fact<LibraryUse>;
}

/** Everything that many programs of one root share is worked out once. */
export function createLinker(root: Root, context: ProcessContext): Linker {
  const loaders = findLoaders(root);
  const chosen = createLoaderChoice(root);
  const symbols = () => symbolsOf(root);
  const loaderOf = (name: string, tables: LinkTables) =>
    chosen(findInterpreter(root, name, tables, context.workingDirectory));
  const elsewhere = createElsewhere(root);
  const plugins = createPlugins({ root, context, loaders, loaderOf, symbols });
  const programOf = (entry: RootEntry, { sha256 }: Extraction, tables: LinkTables) => ({
    ...{ entry, sha256, tables, start: startOf(entry, context) },
  });
  const uses = createLibraryUse(root);
  return {
    useOf(entry, extraction) {
      if (!extraction.linking.known) return extraction.linking;
      const { value: tables } = extraction.linking;
      if (tables.interpreter === null)
        return notKnown('which file a symbol comes from is decided by the program that loads it');
      const loader = loaderOf(tables.interpreter, tables);
      return loader === null
        ? notKnown('the root does not hold the loader that it names')
        : uses(programOf(entry, extraction, tables), loader, extraction);
    },
    linkageOf(entry, extraction) {
      const linking = extraction.linking.known ? extraction.linking.value : null;
      const unlinked = {
        where: 'root',
        loaders,
        interpreter: null,
        link: null,
        servedBy: null,
        libcs: [],
        plugin: null,
        foreign: null,
      } as const;
      if (linking === null) return unlinked;
      if (linking.interpreter === null) {
        const foreign = plugins.foreign(entry, extraction);
        return { ...unlinked, plugin: plugins.of(entry), foreign };
      }
      const interpreter = findInterpreter(
        root,
        linking.interpreter,
        linking,
        context.workingDirectory,
      );
      const loader = chosen(interpreter);
      if (loader === null) return { ...unlinked, interpreter };
      const program = programOf(entry, extraction, linking);
      const found = link(program, loader.model, loader.file, symbols());
      const linked = elsewhere.seenIn(besideCommand(found, root, context.commandFolders), linking);
      const { model, file, through } = loader;
      const servedBy = { libc: model.libc, path: file.path, through };
      return { ...unlinked, interpreter, link: linked, servedBy, libcs: libcsOf(root, linked) };
    },
  };
}

/** By root: what files define is the same for every program. */
const symbolsOf = oncePer((root: Root) => createSymbolIndex(allTables(root)));

/** One model for each PT_INTERP that programs of the root name. */
function createLoaderChoice(root: Root): (interpreter: InterpreterState) => ChosenLoader | null {
  const shelf = createLibraryShelf(root);
  const chosen = new Map<string, ChosenLoader | null>();
  return (interpreter) => {
    if (interpreter.state !== 'found') return null;
    const { name, path } = interpreter;
    let loader = chosen.get(name);
    if (loader === undefined) {
      const entry = root.resolve(path);
      const extraction = root.extractions.get(entry?.elf ?? '');
      loader = entry && extraction ? chooseLoader(shelf, name, entry, extraction) : null;
      chosen.set(name, loader);
    }
    return loader;
  };
}

/** Without the program itself, whose libc the rules know. */
function libcsOf(root: Root, { libraries }: Link): LibcOfLibrary[] {
  return libraries.slice(1).flatMap(({ path }) => {
    const libc = root.extractions.get(root.entry(path)?.elf ?? '')?.facts.libc;
    if (!libc?.known) return [];
    const { name, how } = libc.value;
    return isModelled(name) ? [{ path, libc: name, itself: how === 'itself' }] : [];
  });
}

function* allTables(root: Root): Iterable<LinkTables> {
  for (const { linking } of root.extractions.values()) if (linking.known) yield linking.value;
}

function findLoaders(root: Root): LoaderInRoot[] {
  const found: LoaderInRoot[] = [];
  for (const entry of root.binaries) {
    const extraction = entry.elf === null ? undefined : root.extractions.get(entry.elf);
    if (extraction === undefined || !isLoader(extraction) || !extraction.linking.known) continue;
    const { libc } = extraction.facts;
    const name = libc.known ? libc.value.name : 'unknown';
    if (!isModelled(name)) continue;
    const { machine, bits, byteOrder } = extraction.linking.value;
    found.push({ path: entry.path, libc: name, machine, bits, byteOrder });
  }
  return found;
}

function isLoader({ facts: { kind } }: Extraction): boolean {
  return kind.known && kind.value.kind === 'loader';
}

/** For which of its programs a command sets the folders is not followed: what lies there may be found, or not. */
function besideCommand(link: Link, root: Root, folders: readonly string[]): Link {
  if (folders.length === 0 || link.missingLibraries.length === 0) return link;
  const undecided = [...link.undecided];
  const missingLibraries = link.missingLibraries.filter(({ name }) => {
    const folder = folders.find((each) => root.resolve(`${each}/${name}`)?.type === 'file');
    if (folder === undefined) return true;
    undecided.push(
      `${name} is in ${folder}, which the command of the image puts into LD_LIBRARY_PATH for what it starts`,
    );
    return false;
  });
  return { ...link, missingLibraries, undecided };
}
