import type { LibraryShelf } from './library-shelf.ts';
import { muslRelease } from './musl/musl-release.ts';
import { muslObjection } from './musl/musl-relocations.ts';
import { openByPath, searchLibrary } from './musl/musl-search.ts';
import { systemPathsOf } from './musl/system-path.ts';
import { type LoaderFile, type LoaderModel, trustedValue } from './process-image.ts';
import { definesName } from './symbols/symbol-index.ts';

/** musl answers itself for `lib` + one of these + `.anything` (ldso/dynlink.c, load_library, `reserved`). */
const ownNames = /^lib(c|pthread|rt|m|dl|util|xnet)\./;

/** Whether musl's loader takes a needed name for itself, wherever a file of that name lies. */
export function isMuslName(needed: string): boolean {
  return ownNames.test(needed);
}

export interface MuslStart {
  /** PT_INTERP as it stands: the search path's file is found from there. Of a command: the path that it was called by. */
  readonly interpreter: string;
  /** It was called as a command; it maps the program itself. */
  readonly command?: MuslCommand;
}

/** As gcompat calls it. */
export interface MuslCommand {
  /** argv[0]: the name under which the loader knows itself, and answers for. */
  readonly name: string;
  /** For `--preload`, with what LD_PRELOAD names behind it. */
  readonly preloads: readonly string[];
}

/**
 * musl's loader (ldso/dynlink.c of musl 1.1.19 to 1.2.5: load_library, path_open, fixup_rpath, do_relocs).
 * It resolves every relocation at start, knows no symbol versions and no STT_GNU_IFUNC.
 */
export function muslLoader(
  shelf: LibraryShelf,
  loaderFile: LoaderFile,
  { interpreter, command }: MuslStart,
): LoaderModel {
  const systemPath = systemPathsOf(shelf, loaderFile, interpreter);
  const release = muslRelease(loaderFile.tables);
  return {
    libc: 'musl',
    preloads: (image) => [
      ...(command?.preloads ?? []),
      ...words(trustedValue(image, 'LD_PRELOAD')),
    ],
    checksVersions: false,
    knowsIndirectFunctions: false,
    bindsCallsAtStart: () => true,
    defersSlots: true,
    filtees: () => [],
    objectionToOpening: () => null,
    objectionToSlots: () => null,
    onOtherProcessors: () => [],
    assertsVersions: false,
    answers: (name) => {
      const remapped = release.remapped(name);
      return remapped !== null && definesName(loaderFile.tables, remapped);
    },
    objectionTo: (object, image) => muslObjection(object, image, release, command !== undefined),
    locate(name, requester, image) {
      if (isMuslName(name) || name === (command?.name ?? interpreter)) return { outcome: 'loader' };
      if (name.includes('/')) return openByPath(shelf, name, requester, image);
      const object = image.names.get(name);
      if (object !== undefined) return { outcome: 'loaded', object, knownAs: name };
      return searchLibrary(shelf, name, requester, image, systemPath(image));
    },
  };
}

/** load_preload: names between white space or colons. */
function words(setting: string): string[] {
  return setting.split(/[\s:]+/).filter((word) => word !== '');
}
