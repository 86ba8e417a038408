import { compare } from '../../base/compare.ts';
import { type Fact, known, notKnown } from '../../base/fact.ts';
import { groupBy } from '../../base/group-by.ts';
import type { Extraction } from '../../extraction/extraction.ts';
import type { Root } from '../../layers/root.ts';
import type { ChosenLoader } from '../loader/choose-loader.ts';
import { type LoadedProcess, loadProcess, type Program } from '../loader/link-program.ts';
import type { LoadedObject, LoaderFile } from '../loader/process-image.ts';
import { createNameIndex, hasBit, type NameIndex } from '../loader/symbols/symbol-index.ts';

/** Which libraries a program uses by itself: those of others are not followed. */
export interface LibraryUse {
  /** Names in DT_NEEDED that give it no symbol, in order. One may still be there for what it does when it is loaded. */
  readonly unused: readonly string[];
  /** Libraries that give it symbols only because another library needs them, sorted by path. */
  readonly undeclared: readonly UndeclaredLibrary[];
}

export interface UndeclaredLibrary {
  readonly path: string;
  /** Of how many symbols. */
  readonly count: number;
  /** The first of them, sorted: `frob`, `frob@LIBFOO_1.0`. */
  readonly symbols: readonly string[];
}

/** As many as a person reads. */
const mostNamed = 5;

export type UseOf = (
  program: Program,
  loader: ChosenLoader,
  extraction: Extraction,
) => Fact<LibraryUse>;

/** Names are numbered once for a root, when the first program is asked. */
export function createLibraryUse(root: Root): UseOf {
  let index: NameIndex | null = null;
  return (program, loader, { facts: { imports } }) => {
    if (!imports.known) return imports;
    const loaded = loadProcess(program, loader.model);
    if (!loaded.isWhole) return notKnown('not every library that it loads is known');
    if (loaded.image.objects.some(({ tables }) => tables.filtees.length > 0))
      return notKnown('a library of it is a filter, which others stand behind');
    const weak = new Set(imports.value.weak);
    index ??= createNameIndex(importedNames(root));
    const sources = sourcesOf(loaded, loader, index);
    const used = imports.value.names.flatMap((symbol) => {
      const by = sources.filter((source) => source.defines(symbol));
      const [source] = by;
      return source === undefined ? [] : [{ symbol, source, by, isWeak: weak.has(symbol) }];
    });
    return known(useOf(program, loaded, loader, used));
  };
}

/** A file of the process that symbols are looked for in. `object` null: the loader itself. */
interface Source {
  readonly object: LoadedObject | null;
  defines(symbol: string): boolean;
}

interface Used {
  readonly symbol: string;
  /** The first that defines it, which a loader takes. */
  readonly source: Source;
  /** All that define it, in order. */
  readonly by: readonly Source[];
  readonly isWeak: boolean;
}

function useOf(
  { tables }: Program,
  { image }: LoadedProcess,
  { model }: ChosenLoader,
  used: readonly Used[],
): LibraryUse {
  const needed = tables.needed.map((name) => {
    const located = model.locate(name, image.program, image);
    const isObject = located.outcome === 'loaded' || located.outcome === 'new';
    return { name, object: isObject ? located.object : null };
  });
  const isNeeded = ({ object }: Source) =>
    object === null || needed.some((each) => each.object === object);
  const isUsed = ({ object }: { readonly object: LoadedObject | null }) =>
    used.some(({ source }) => source.object === object);
  // A weak symbol may be missing, and what one defines that is needed would serve in place of another.
  const foreign = used.filter(
    ({ isWeak, by, source }) => !isWeak && source.object?.requester != null && !by.some(isNeeded),
  );
  const byPath = groupBy(foreign, ({ source }) => source.object?.entry.path ?? '');
  return {
    unused: needed.filter((each) => !isUsed(each)).map(({ name }) => name),
    undeclared: [...byPath]
      .map(([path, symbols]) => ({
        path,
        count: symbols.length,
        symbols: symbols.map(({ symbol }) => symbol).slice(0, mostNamed),
      }))
      .toSorted((a, b) => compare(a.path, b.path)),
  };
}

/** Without the program itself: it does not define what it imports, or as a copy. */
function sourcesOf(
  { image, loaderAt }: LoadedProcess,
  { model, file }: ChosenLoader,
  names: NameIndex,
): readonly Source[] {
  const sourceOf = (object: LoadedObject | null, { sha256, tables }: LoadedFile): Source => {
    const bits = names.exports(sha256, tables, model.libc);
    return {
      object,
      defines(symbol) {
        const asked = model.checksVersions ? symbol : symbol.replace(/@.*/, '');
        const number = names.numberOf(asked);
        return number !== undefined && hasBit(bits, number);
      },
    };
  };
  const sources = image.objects.map((object) => sourceOf(object, object));
  if (loaderAt !== null) sources.splice(loaderAt, 0, sourceOf(null, file));
  return sources.slice(1);
}

type LoadedFile = Pick<LoaderFile, 'sha256' | 'tables'>;

function* importedNames(root: Root) {
  for (const { facts, linking } of root.extractions.values()) {
    if (!facts.imports.known || !linking.known || linking.value.interpreter === null) continue;
    for (const symbol of facts.imports.value.names) {
      const [name = '', version = null] = symbol.split('@');
      yield { name, version };
    }
  }
}
