import type { Root } from '../../layers/root.ts';
import { decodeName } from '../../text.ts';
import { openLibrary } from './open-library.ts';
import {
  directoryOf,
  type LoadedObject,
  type LoaderModel,
  type Located,
  type ProcessImage,
} from './process-image.ts';

const defaultPath = '/lib:/usr/local/lib:/usr/lib';

/** musl answers itself for `lib` + one of these + `.anything` (ldso/dynlink.c, load_library, `reserved`). */
const ownNames = /^lib(c|pthread|rt|m|dl|util|xnet)\./;

/**
 * musl's loader (ldso/dynlink.c of musl 1.2.5: load_library, path_open, fixup_rpath, do_relocs).
 * It resolves every relocation at start, knows no symbol versions and no STT_GNU_IFUNC.
 */
export function muslLoader(root: Root, interpreter: string): LoaderModel {
  const systemPath = readSystemPath(root, interpreter);
  return {
    libc: 'musl',
    checksVersions: false,
    knowsIndirectFunctions: false,
    bindsCallsAtStart: () => true,
    locate(name, requester, image) {
      if (ownNames.test(name) || name === interpreter) return { outcome: 'loader' };
      if (name.includes('/')) return openByPath(root, name, requester, image);
      const loaded = image.byName.get(name);
      if (loaded !== undefined) return { outcome: 'loaded', object: loaded };
      return search(root, name, requester, image, systemPath);
    },
  };
}

/**
 * `etc/ld-musl-ARCH.path` below the directory that holds the loader's `lib` (the loader's path less two components);
 * its elements are separated by colons or newlines and replace the default.
 */
function readSystemPath(root: Root, interpreter: string): readonly string[] {
  const architecture = /ld-musl-([^/]+)\.so/.exec(interpreter)?.[1] ?? '';
  const prefix = directoryOf(directoryOf(interpreter));
  const file = root.text(`${prefix === '/' ? '' : prefix}/etc/ld-musl-${architecture}.path`);
  return elements(file === undefined ? defaultPath : (decodeName(file).split('\0')[0] ?? ''));
}

/** path_open skips empty elements. */
function elements(path: string): string[] {
  return path.split(/[:\n]/).filter((element) => element !== '');
}

function openByPath(
  root: Root,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
): Located {
  if (!name.startsWith('/')) {
    return { outcome: 'undecided', because: `${name} is looked up from the working directory` };
  }
  return (
    openLibrary(root, name, requester, image, 'take') ?? {
      outcome: 'missing',
      searched: [name],
      because: null,
    }
  );
}

function search(
  root: Root,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
  systemPath: readonly string[],
): Located {
  const directories = [...runPathsOfChain(requester, image), ...systemPath];
  for (const directory of directories) {
    if (!directory.startsWith('/')) {
      return {
        outcome: 'undecided',
        because: `the run path element ${directory} depends on the working directory`,
      };
    }
    const found = openLibrary(root, `${directory}/${name}`, requester, image, 'take');
    if (found !== null) return found;
  }
  return { outcome: 'missing', searched: directories, because: null };
}

/** RPATH and RUNPATH count alike, the latter first, and are inherited along the chain of requesters. */
function runPathsOfChain(requester: LoadedObject, image: ProcessImage): string[] {
  const found: string[] = [];
  for (let object: LoadedObject | null = requester; object !== null; object = object.requester) {
    found.push(...elements(expandOrigin(object, image) ?? ''));
  }
  return found;
}

/** fixup_rpath: any `$` that is not `$ORIGIN` or `${ORIGIN}` voids the whole path; so does `$ORIGIN` in a privileged program. */
function expandOrigin(object: LoadedObject, image: ProcessImage): string | null {
  const path = object.tables.runpath ?? object.tables.rpath;
  if (path === null || !path.includes('$')) return path;
  if (/\$(?!ORIGIN|\{ORIGIN\})/.test(path)) return null;
  const isProgram = object.requester === null;
  if (isProgram && image.secure) return null;
  const origin = directoryOf(isProgram ? object.entry.path : object.openedAs);
  return path.replace(/\$(ORIGIN|\{ORIGIN\})/g, () => origin);
}
