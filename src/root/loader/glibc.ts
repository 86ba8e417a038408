import type { GlibcAbilities } from '../../facts/link-tables/loader-texts.ts';
import {
  type Objection,
  objectionToObject,
  objectionToOpening,
  objectionToProtection,
  objectionToSlots,
} from './glibc/glibc-refusals.ts';
import { type GlibcSetting, openByPath, type SearchPlace, search } from './glibc/glibc-search.ts';
import { processorsOf } from './glibc/processor.ts';
import { createProcessorDirectories } from './glibc/processor-directories.ts';
import type { LibraryShelf } from './library-shelf.ts';
import {
  type LoadedObject,
  type LoaderFile,
  type LoaderModel,
  type ProcessImage,
  trustedValue,
} from './process-image.ts';
import { definesName } from './symbols/symbol-index.ts';

/**
 * glibc's loader (elf/dl-load.c of glibc 2.31 to 2.41: _dl_map_object, open_path, open_verify; elf/dl-version.c). It reads
 * /etc/ld.so.cache, never /etc/ld.so.conf: that file is ldconfig's.
 */
export function glibcLoader(
  shelf: LibraryShelf,
  loaderFile: LoaderFile,
  setting: GlibcSetting,
): LoaderModel {
  const abilities = loaderFile.tables.loader?.glibc ?? null;
  const processors = processorsOf(loaderFile.tables);
  const directories = createProcessorDirectories(shelf.root, processors, abilities);
  const [first, ...others] = processors;
  const modelFor = (processor: SearchPlace['processor']) =>
    modelOn({ shelf, abilities, setting, processor, directories }, loaderFile);
  return { ...modelFor(first), onOtherProcessors: () => others.map(modelFor) };
}

function modelOn(place: SearchPlace, { tables: { soname } }: LoaderFile): LoaderModel {
  const { abilities, setting } = place;
  const ownNames = new Set([setting.interpreter, soname]);
  return {
    libc: 'glibc',
    preloads: (image) => [
      ...words(trustedValue(image, 'LD_PRELOAD')),
      ...(setting.preloads(image) ?? []),
    ],
    checksVersions: true,
    knowsIndirectFunctions: true,
    answers: () => false,
    bindsCallsAtStart: (object, image) =>
      object.tables.bindNow || (image.start.environment.get('LD_BIND_NOW') ?? '') !== '',
    defersSlots: false,
    objectionTo: (object, image) =>
      (object === image.program ? objectionToStart(place, image) : null) ??
      objectionToForeignLibc(object, image, abilities) ??
      (object === image.program ? objectionToProtection(object.tables) : null) ??
      objectionToObject(object.tables, abilities),
    objectionToSlots: ({ tables }) => objectionToSlots(tables),
    objectionToOpening: ({ tables }, started) =>
      objectionToOpening(
        tables,
        started.map((each) => each.tables),
        abilities,
      ),
    assertsVersions: abilities?.assertsVersions ?? false,
    filtees: ({ tables }) => tables.filtees,
    onOtherProcessors: () => [],
    locate(name, asker, image) {
      const requester = asker ?? image.program;
      const object = alreadyLoaded(name, image);
      if (object !== undefined) return { outcome: 'loaded', object, knownAs: name };
      if (ownNames.has(name)) return { outcome: 'loader' };
      return name.includes('/') || name.includes('$')
        ? openByPath(place, name, requester, image)
        : search(place, name, requester, image);
    },
  };
}

/**
 * musl's libc under glibc's loader: it starts nothing where it serves as the libc, for its own loader has not prepared it. Where
 * glibc's libc comes first it does no harm.
 */
function objectionToForeignLibc(
  object: LoadedObject,
  { objects }: ProcessImage,
  abilities: GlibcAbilities | null,
): Objection | null {
  if (object.tables.loader?.musl == null) return null;
  const serving = objects.find(({ tables }) => definesName(tables, '__libc_start_main'));
  if (serving !== object) return null;
  // Versions before 1.1.22 get further where no assertion stops them.
  const isCertain = abilities?.assertsVersions || definesName(object.tables, 'membarrier');
  const because = "is musl's libc, which only musl's own loader can start";
  return { kind: isCertain ? 'refused' : 'undecided', because };
}

/** handle_preload_list. */
function words(setting: string): string[] {
  return setting.split(/[ :]/).filter((word) => word !== '');
}

/** elf/rtld.c, process_envvars: ldd sets the variable, whatever its value. */
function objectionToStart({ setting }: SearchPlace, image: ProcessImage) {
  if (image.start.environment.has('LD_TRACE_LOADED_OBJECTS')) {
    const because = 'is not run: LD_TRACE_LOADED_OBJECTS is set, and only lists its libraries';
    return { kind: 'refused', because } as const;
  }
  if (setting.preloads(image) !== null) return null;
  const because = 'loads what /etc/ld.so.preload names, which was not read';
  return { kind: 'undecided', because } as const;
}

/** _dl_map_object compares with the requested names, with the paths of what is loaded and with DT_SONAME. */
function alreadyLoaded(name: string, { names, objects, program }: ProcessImage) {
  return (
    names.get(name) ??
    objects.find(
      (object) => object.tables.soname === name || (object !== program && object.openedAs === name),
    )
  );
}
