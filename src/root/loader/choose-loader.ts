import { baseName } from '../../base/path-parts.ts';
import type { Extraction } from '../../extraction/extraction.ts';
import type { RootEntry } from '../../layers/root.ts';
import { glibcTexts } from './glibc/glibc-texts.ts';
import { systemDirectories } from './glibc/system-directories.ts';
import { glibcLoader } from './glibc.ts';
import type { LibraryShelf } from './library-shelf.ts';
import { muslLoader } from './musl.ts';
import { type LoaderFile, type LoaderModel, sameArchitecture } from './process-image.ts';
import { uclibcLoader } from './uclibc.ts';

/** A loader that is modelled, and the file whose code and exports it is. */
export interface ChosenLoader {
  readonly model: LoaderModel;
  readonly file: LoaderFile;
  /** Set when another program stands in the loader's place and starts this one. */
  readonly through: 'gcompat' | null;
}

/**
 * The model of the file that PT_INTERP leads to, by what the file is, not by its name: libc6-compat puts a link to
 * musl at glibc's place. null for a loader whose rules are not known (Android, FreeBSD) or that is not a loader.
 */
export function chooseLoader(
  shelf: LibraryShelf,
  interpreter: string,
  entry: RootEntry,
  extraction: Extraction,
): ChosenLoader | null {
  const { kind, libc } = extraction.facts;
  const file = loaderFileOf(entry, extraction);
  if (!kind.known || !libc.known || file === null) return null;
  if (kind.value.kind !== 'loader') return gcompat(shelf, interpreter, file);
  if (libc.value.name === 'musl') {
    return { model: muslLoader(shelf, file, { interpreter }), file, through: null };
  }
  if (libc.value.name === 'uclibc') {
    return { model: uclibcLoader(shelf, file, interpreter), file, through: null };
  }
  if (libc.value.name !== 'glibc') return null;
  const setting = {
    ...glibcTexts(shelf.root, file.tables),
    systemDirectories: systemDirectories(shelf.root, file.tables),
    interpreter,
  };
  return { model: glibcLoader(shelf, file, setting), file, through: null };
}

const gcompatLibrary = '/lib/libgcompat.so.0';

/**
 * gcompat (loader/loader.c) puts a small static program at glibc's place. It starts musl's loader under the name of glibc's,
 * which many libraries need, with `--preload /lib/libgcompat.so.0` and LD_PRELOAD on the program.
 */
function gcompat(
  shelf: LibraryShelf,
  interpreter: string,
  { tables }: LoaderFile,
): ChosenLoader | null {
  const { root } = shelf;
  if (tables.needed.length > 0 || root.resolve(gcompatLibrary) === undefined) return null;
  for (const name of root.list('/lib')) {
    const entry = /^ld-musl-.*\.so\.1$/.test(name) ? root.resolve(`/lib/${name}`) : undefined;
    const extraction = root.extractions.get(entry?.elf ?? '');
    const file = entry && extraction ? loaderFileOf(entry, extraction) : null;
    if (file?.tables.loader?.musl == null) continue;
    if (!sameArchitecture(file.tables, tables)) continue;
    const command = { name: baseName(interpreter), preloads: [gcompatLibrary] };
    const model = muslLoader(shelf, file, { interpreter: `/lib/${name}`, command });
    return { model, file, through: 'gcompat' };
  }
  return null;
}

function loaderFileOf({ path }: RootEntry, { sha256, linking }: Extraction): LoaderFile | null {
  return linking.known ? { sha256, path, tables: linking.value } : null;
}
