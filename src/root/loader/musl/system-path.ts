import { directoryOf } from '../../../base/path-parts.ts';
import { decodeName } from '../../../base/text.ts';
import { access, type Credentials } from '../../rights/permission.ts';
import type { LibraryShelf } from '../library-shelf.ts';
import { type LoaderFile, openerOf, type ProcessImage } from '../process-image.ts';

const defaultPath = '/lib:/usr/local/lib:/usr/lib';

/** Directories of the system, and whether that is all that is known of them. */
export interface SystemPath {
  readonly directories: readonly string[];
  /** null: they are known. */
  readonly doubt: string | null;
}

/**
 * `etc/ld-musl-ARCH.path` below the directory that holds the loader's `lib` (the loader's path less two components);
 * its elements are separated by colons or newlines and replace the default. One that is there and cannot be opened or read
 * leaves no directory.
 */
function readSystemPath(
  { root }: LibraryShelf,
  { tables, path }: LoaderFile,
  interpreter: string,
  who: Credentials | null,
): SystemPath {
  const named = /ld-musl-([^/]+)\.so/;
  const architecture =
    tables.loader?.musl?.architecture ??
    (named.exec(interpreter) ?? named.exec(path))?.[1] ??
    'unknown';
  const prefix = interpreter.startsWith('/') ? directoryOf(directoryOf(interpreter)) : '/';
  const file = `${prefix === '/' ? '' : prefix}/etc/ld-musl-${architecture}.path`;
  const found = access(root, file, 'read', who);
  if (found.to === 'mount') return { directories: [], doubt: found.because };
  if (found.to === 'nothing') return { directories: elements(defaultPath), doubt: null };
  if (found.to !== 'file' || found.entry.type === 'directory' || found.entry.size === 0)
    return { directories: [], doubt: null };
  const text = root.text(file);
  return text === undefined
    ? { directories: [], doubt: `${file} is not read` }
    : { directories: elements(decodeName(text).split('\0')[0] ?? ''), doubt: null };
}

/** Each user may find another one. */
export function systemPathsOf(
  shelf: LibraryShelf,
  loaderFile: LoaderFile,
  interpreter: string,
): (image: ProcessImage) => SystemPath {
  const known = new Map<string, SystemPath>();
  return (image) => {
    const who = openerOf(image);
    const key = who === null ? '' : [who.uid, who.gid, ...who.groups].join();
    const path = known.get(key) ?? readSystemPath(shelf, loaderFile, interpreter, who);
    known.set(key, path);
    return path;
  };
}

/** path_open skips empty elements. */
export function elements(path: string): string[] {
  return path.split(/[:\n]/).filter((element) => element !== '');
}
