import type { Extraction } from '../extraction.ts';
import type { LinkTables } from '../facts/link-tables.ts';
import type { Root, RootEntry } from '../layers/root.ts';
import { findInterpreter, type InterpreterState } from './interpreter.ts';
import { glibcLoader } from './loader/glibc.ts';
import { readLibraryCache } from './loader/library-cache.ts';
import { type Link, link } from './loader/link.ts';
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
    };

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
      if (!extraction.linking.known)
        return { where: 'root', loaders, interpreter: null, link: null };
      const tables = extraction.linking.value;
      const { interpreter: name } = tables;
      const interpreter = name === null ? null : findInterpreter(root, name, tables);
      const model = interpreter === null ? null : modelFor(interpreter);
      if (model === null || interpreter?.state !== 'found') {
        return { where: 'root', loaders, interpreter, link: null };
      }
      const loaderFile = loaderFileOf(root, interpreter.sha256, interpreter.path);
      if (loaderFile === null) return { where: 'root', loaders, interpreter, link: null };
      symbols ??= createSymbolIndex(allTables(root));
      const program = { entry, sha256: extraction.sha256, tables, secure };
      return {
        where: 'root',
        loaders,
        interpreter,
        link: link(program, model, loaderFile, symbols),
      };
    },
  };
}

function createModel(
  root: Root,
  interpreter: InterpreterState & { state: 'found' },
): LoaderModel | null {
  if (interpreter.libc === 'musl') return muslLoader(root, interpreter.name);
  if (interpreter.libc === 'glibc') return glibcLoader(root, readLibraryCache(root));
  return null;
}

function loaderFileOf(root: Root, sha256: string, path: string) {
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
