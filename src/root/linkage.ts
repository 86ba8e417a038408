import type { Extraction } from '../extraction.ts';
import type { LinkTables } from '../facts/link-tables.ts';
import type { Root, RootEntry } from '../layers/root.ts';
import { findInterpreter, type InterpreterState } from './interpreter.ts';
import { glibcLoader } from './loader/glibc.ts';
import { readLibraryCache } from './loader/library-cache.ts';
import { type Link, type LoaderFile, link } from './loader/link.ts';
import { muslLoader } from './loader/musl.ts';
import type { LoaderModel } from './loader/process-image.ts';
import { createSymbolIndex, type SymbolIndex } from './loader/symbol-index.ts';

/** How a binary meets the libc of the place where it lies. */
export type Linkage =
  | { readonly where: 'bare-file' }
  | {
      readonly where: 'root';
      /** Loaders that the root holds, sorted by path. */
      readonly loaders: readonly LoaderInRoot[];
      /** null when the file names none. */
      readonly interpreter: InterpreterState | null;
      /** What starting it came to; null when it is no program with a known loader. */
      readonly link: Link | null;
      /** The libc of each library that it loads, where that is known. */
      readonly libcs: readonly LibcOfLibrary[];
    };

export interface LibcOfLibrary {
  readonly path: string;
  readonly libc: string;
  /** The library is that libc itself, not merely built for it. */
  readonly itself: boolean;
}

export interface LoaderInRoot {
  readonly path: string;
  readonly libc: 'musl' | 'glibc';
  readonly machine: number;
  readonly bits: 32 | 64;
}

export interface Linker {
  linkageOf(entry: RootEntry, extraction: Extraction, secure: boolean): Linkage;
}

/** Everything that many programs of one root share is worked out once. */
export function createLinker(root: Root): Linker {
  const loaders = findLoaders(root);
  const models = new Map<string, LoaderModel | null>();
  let symbols: SymbolIndex | null = null;
  const modelFor = (interpreter: InterpreterState): LoaderModel | null => {
    if (interpreter.state !== 'found') return null;
    const key = `${interpreter.libc} ${interpreter.name}`;
    let model = models.get(key);
    if (model === undefined) {
      model = createModel(root, interpreter);
      models.set(key, model);
    }
    return model;
  };
  return {
    linkageOf(entry, extraction, secure) {
      const unlinked = {
        where: 'root',
        loaders,
        interpreter: null,
        link: null,
        libcs: [],
      } as const;
      if (!extraction.linking.known) return unlinked;
      const tables = extraction.linking.value;
      if (tables.interpreter === null) return unlinked;
      const interpreter = findInterpreter(root, tables.interpreter, tables);
      const model = modelFor(interpreter);
      const loaderFile = model === null ? null : loaderFileOf(root, interpreter);
      if (model === null || loaderFile === null) return { ...unlinked, interpreter };
      symbols ??= createSymbolIndex(allTables(root));
      const program = { entry, sha256: extraction.sha256, tables, secure };
      const linked = link(program, model, loaderFile, symbols);
      return { ...unlinked, interpreter, link: linked, libcs: libcsOf(root, linked) };
    },
  };
}

/** Without the program itself, whose libc the rules know. */
function libcsOf(root: Root, { libraries }: Link): LibcOfLibrary[] {
  return libraries.slice(1).flatMap(({ path }) => {
    const extraction = root.extractions.get(root.entry(path)?.elf ?? '');
    const libc = extraction?.facts.libc;
    if (!libc?.known || (libc.value.name !== 'musl' && libc.value.name !== 'glibc')) return [];
    return [{ path, libc: libc.value.name, itself: libc.value.how === 'itself' }];
  });
}

function createModel(
  root: Root,
  interpreter: InterpreterState & { state: 'found' },
): LoaderModel | null {
  if (interpreter.libc === 'musl') return muslLoader(root, interpreter.name);
  if (interpreter.libc === 'glibc') return glibcLoader(root, readLibraryCache(root));
  return null;
}

function loaderFileOf(root: Root, interpreter: InterpreterState): LoaderFile | null {
  if (interpreter.state !== 'found') return null;
  const { sha256, path } = interpreter;
  const linking = root.extractions.get(sha256)?.linking;
  return linking?.known ? { sha256, path, tables: linking.value } : null;
}

function* allTables(root: Root): Iterable<LinkTables> {
  for (const { linking } of root.extractions.values()) if (linking.known) yield linking.value;
}

function findLoaders(root: Root): LoaderInRoot[] {
  const found: LoaderInRoot[] = [];
  for (const entry of root.entries()) {
    const extraction = entry.elf === null ? undefined : root.extractions.get(entry.elf);
    if (extraction === undefined || !isLoader(extraction) || !extraction.linking.known) continue;
    const { libc } = extraction.facts;
    const name = libc.known ? libc.value.name : null;
    if (name !== 'musl' && name !== 'glibc') continue;
    const { machine, bits } = extraction.linking.value;
    found.push({ path: entry.path, libc: name, machine, bits });
  }
  return found;
}

function isLoader({ facts: { kind } }: Extraction): boolean {
  return kind.known && kind.value.kind === 'loader';
}
