import type { LinkTables } from '../../facts/link-tables/link-tables.ts';
import type { RootEntry } from '../../layers/root.ts';
import type { ProcessStart } from './process/process-context.ts';
import {
  type LoadedObject,
  type LoaderFile,
  type LoaderModel,
  type Located,
  lookUpExcess,
  mostLookUps,
  type ProcessImage,
} from './process-image.ts';
import type { Link, MissingLibrary, PassedOver } from './result/link-result.ts';
import { onAllProcessors } from './result/on-all-processors.ts';
import { findMissingSymbols } from './symbols/missing-symbols.ts';
import { findMissingVersions } from './symbols/missing-versions.ts';
import type { SymbolIndex } from './symbols/symbol-index.ts';

export interface Program {
  readonly entry: RootEntry;
  readonly sha256: string;
  readonly tables: LinkTables;
  readonly start: ProcessStart;
}

/** No real program loads as many; a hostile root could. */
const mostObjects = 4096;

/** Loads breadth first, as both loaders do, then checks versions and symbols over the whole process. */
export function link(
  program: Program,
  loader: LoaderModel,
  loaderFile: LoaderFile,
  symbols: SymbolIndex,
  opened: readonly string[] = [],
): Link {
  const image = startImage(program);
  const first = linkOn(image, loader, loaderFile, symbols, opened);
  if (image.processorMatters.size === 0) return first;
  const others = loader.onOtherProcessors().map((model) => {
    const { bindsCallsAtStart } = loader;
    const same = { ...model, bindsCallsAtStart };
    return linkOn(startImage(program), same, loaderFile, symbols, opened);
  });
  return onAllProcessors([first, ...others], image);
}

function linkOn(
  image: ProcessImage,
  loader: LoaderModel,
  loaderFile: LoaderFile,
  symbols: SymbolIndex,
  opened: readonly string[],
): Link {
  const loading = startLoading();
  loadAll(image, loader, loading);
  const atStart = image.objects.length;
  for (const path of opened) open(path, image, loader, loading);
  const complete = loading.missing.size === 0 && loading.undecided.size === 0;
  const serving = loading.loaderAt === null ? null : loaderFile;
  const objections = objectionsTo(image, loader, atStart);
  for (const { kind, path, because } of objections) {
    if (kind === 'undecided') loading.undecided.add(`${path} ${because}`);
  }
  return {
    libraries: image.objects.map(({ entry: { path, layer } }) => ({ path, layer })),
    missingLibraries: [...loading.missing.values()].map(shortened),
    missingVersions: loader.checksVersions ? findMissingVersions(image, loaderFile) : [],
    missingSymbols: complete ? findMissingSymbols(image, loader, serving, symbols) : [],
    passedOver: loading.passedOver,
    refusedFiles: objections.flatMap(({ kind, ...file }) =>
      kind === 'undecided' ? [] : [{ ...file, kind }],
    ),
    undecided: [...loading.undecided],
  };
}

/** What a start loads, before anything is looked for in it. */
export interface LoadedProcess {
  readonly image: ProcessImage;
  /** Where the loader itself stands among the objects: before the one of this index. null: nothing needs it. */
  readonly loaderAt: number | null;
  /** Nothing is missing or not certain. */
  readonly isWhole: boolean;
}

export function loadProcess(program: Program, loader: LoaderModel): LoadedProcess {
  const image = startImage(program);
  const loading = startLoading();
  loadAll(image, loader, loading);
  const isCertain = loading.undecided.size === 0 && image.processorMatters.size === 0;
  return {
    image,
    loaderAt: loading.loaderAt,
    isWhole: isCertain && loading.missing.size === 0,
  };
}

/** A path file or a variable may name any number of folders. */
const mostSearched = 64;

function shortened(library: MissingLibrary): MissingLibrary {
  const { searched } = library;
  if (searched.length <= mostSearched) return library;
  const more = `${searched.length - mostSearched} more`;
  return { ...library, searched: [...searched.slice(0, mostSearched), more] };
}

function objectionsTo(image: ProcessImage, loader: LoaderModel, atStart: number) {
  const started = image.objects.slice(0, atStart);
  return image.objects.flatMap((object, index) => {
    const objection =
      loader.objectionTo(object, image) ??
      (loader.bindsCallsAtStart(object, image) ? null : loader.objectionToSlots(object)) ??
      (index < atStart ? null : loader.objectionToOpening(object, started));
    return objection === null ? [] : [{ ...objection, path: object.entry.path }];
  });
}

interface Loading {
  /** By name. */
  readonly missing: Map<string, MissingLibrary>;
  readonly passedOver: PassedOver[];
  readonly undecided: Set<string>;
  /** As in LoadedProcess. */
  loaderAt: number | null;
}

function startLoading(): Loading {
  return { missing: new Map(), passedOver: [], undecided: new Set(), loaderAt: null };
}

function startImage({ entry, sha256, tables, start }: Program): ProcessImage {
  const program: LoadedObject = { entry, sha256, tables, openedAs: entry.path, requester: null };
  return {
    program,
    objects: [program],
    names: new Map(),
    processorMatters: new Set(),
    start,
    lookUps: { left: mostLookUps },
  };
}

function loadAll(image: ProcessImage, loader: LoaderModel, loading: Loading): void {
  for (const name of loader.preloads(image)) {
    const located = locate(name, null, image, loader);
    if (located.outcome === 'missing') {
      loading.passedOver.push({ name, because: located.because });
    } else admit(located, name, image.program, image, loading);
    if (isExhausted(image)) break;
  }
  loadNeeds(image, 0, loader, loading);
}

/** dlopen: both loaders look for what it needs by its own run paths, and by those of the program that opens it. */
function open(path: string, image: ProcessImage, loader: LoaderModel, loading: Loading): void {
  const { length } = image.objects;
  admit(loader.locate(path, image.program, image), path, image.program, image, loading);
  loadNeeds(image, length, loader, loading);
}

function loadNeeds(image: ProcessImage, from: number, loader: LoaderModel, loading: Loading): void {
  for (let index = from; index < image.objects.length; index += 1) {
    const object = image.objects[index];
    if (object === undefined) break;
    if (image.objects.length > mostObjects) {
      loading.undecided.add(`it loads more than ${mostObjects} libraries`);
      break;
    }
    for (const { name, mayBeMissing } of loader.filtees(object)) {
      const located = locate(name, object, image, loader);
      if (mayBeMissing && located.outcome === 'missing') continue;
      admit(located, name, object, image, loading);
    }
    for (const name of object.tables.needed) {
      admit(locate(name, object, image, loader), name, object, image, loading);
      if (isExhausted(image)) return;
    }
  }
}

/** Each name is a place, alongside those that a search for it takes. */
function locate(
  name: string,
  requester: LoadedObject | null,
  image: ProcessImage,
  loader: LoaderModel,
): Located {
  const because = lookUpExcess(image, 1);
  return because === null
    ? loader.locate(name, requester, image)
    : { outcome: 'undecided', because };
}

function isExhausted({ lookUps }: ProcessImage): boolean {
  return lookUps.left < 0;
}

function admit(
  located: Located,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
  loading: Loading,
): void {
  switch (located.outcome) {
    case 'loader':
      loading.loaderAt ??= image.objects.length;
      return;
    case 'new':
    case 'loaded':
      if (located.outcome === 'new') image.objects.push(located.object);
      if (located.knownAs !== null) image.names.set(located.knownAs, located.object);
      return;
    case 'undecided':
      loading.undecided.add(located.because);
      return;
    case 'missing': {
      const { searched, because } = located;
      const missing = { name, neededBy: requester.entry.path, searched, because };
      if (!loading.missing.has(name)) loading.missing.set(name, missing);
    }
  }
}
