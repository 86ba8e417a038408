import type { ChosenLoader } from '../loader/choose-loader.ts';
import { link, type Program } from '../loader/link-program.ts';
import type { LoaderModel } from '../loader/process-image.ts';
import type { Link, MissingLibrary } from '../loader/result/link-result.ts';
import type { SymbolIndex } from '../loader/symbols/symbol-index.ts';
import { withDoubts } from './doubts.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { PluginKind } from './plugin-kind.ts';

/** The process that opens a plugin, and its loader. */
export interface HostProcess {
  readonly program: Program;
  readonly loader: ChosenLoader;
  /** What it has opened before. */
  readonly opened: readonly string[];
}

/** What dlopen in the process comes to, of the plugin and what is loaded for it. */
export function linkInProcess(
  path: string,
  { program, loader, opened }: HostProcess,
  kind: PluginKind,
  symbols: SymbolIndex,
  elsewhere: Elsewhere,
): Link {
  const before = link(program, loader.model, loader.file, symbols, opened);
  const model = bindingOf(kind, loader.model);
  const all = link(program, model, loader.file, symbols, [...opened, path]);
  const had = new Set(before.libraries.map(({ path }) => path));
  const isNew = ({ neededBy }: { readonly neededBy: string }) => !had.has(neededBy);
  // A plugin that the loader refuses to open is missing itself.
  const isMissing = (each: MissingLibrary) => isNew(each) || each.name === path;
  const own: Link = {
    libraries: all.libraries.filter((each) => !had.has(each.path)),
    missingLibraries: all.missingLibraries.filter(isMissing),
    missingVersions: all.missingVersions.filter(isNew),
    missingSymbols: all.missingSymbols.filter(isNew),
    refusedFiles: all.refusedFiles.filter((each) => !had.has(each.path)),
    undecided: all.undecided,
    passedOver: [],
  };
  return withDoubts(own, elsewhere, nothing);
}

/** The same where no host is known: what bears the host's names is taken as given. */
export function linkAlone(
  plugin: Program,
  loader: ChosenLoader,
  kind: PluginKind,
  symbols: SymbolIndex,
  elsewhere: Elsewhere,
): Link {
  const alone = link(plugin, bindingOf(kind, loader.model), loader.file, symbols);
  const { given } = kind;
  const isGiven = (name: string) => given === null || given.test(name);
  return withDoubts(alone, elsewhere, isGiven);
}

/**
 * RTLD_NOW; with RTLD_LAZY the library's own flags decide. musl then leaves all slots for later, those of variables too
 * (ldso/dynlink.c: prepare_lazy, do_relocs).
 */
function bindingOf(kind: PluginKind, model: LoaderModel): LoaderModel {
  return {
    ...model,
    bindsCallsAtStart: (object, image) =>
      kind.bindsAtLoad ||
      object.tables.bindNow ||
      (model.libc === 'glibc' && model.bindsCallsAtStart(object, image)),
    onOtherProcessors: () => model.onOtherProcessors().map((other) => bindingOf(kind, other)),
  };
}

function nothing(): boolean {
  return false;
}
