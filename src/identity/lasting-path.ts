import { type LastingName, lastingName } from './lasting-name.ts';

/** A path without versions and hashes in any of its names. */
export interface LastingPath {
  readonly key: string;
  readonly names: readonly LastingName[];
  /** The key of the file's own name. */
  readonly file: string;
}

export type LastingPaths = (path: string) => LastingPath;

/** With a memory of names, since many files lie in one folder, and of paths, since many verdicts are about one file. */
export function createLastingPaths(): LastingPaths {
  const nameOf = remembered(lastingName);
  return remembered((path) => {
    const names = placeOf(path.split('/')).map((name, at, all) =>
      isOfMachine(name, all[at - 1])
        ? { key: name, version: [], hashes: [], form: name }
        : nameOf(name),
    );
    return { key: names.map(({ key }) => key).join('/'), names, file: names.at(-1)?.key ?? '' };
  });
}

function remembered<T extends object>(find: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text) ?? find(text);
    known.set(text, found);
    return found;
  };
}

/** `linux/arm/v7`. */
function isOfMachine(name: string, folder: string | undefined): boolean {
  return /^v[2-9]$/.test(name) && /^(?:arm|arm64|amd64)$/.test(folder ?? '');
}

/**
 * Where distributions moved whole folders: `/lib` is `/usr/lib` since they merged the two, `lib64` is the `lib` of another
 * one, and what is for one machine lies in a folder of its name or alongside it.
 */
function placeOf(names: readonly string[]): readonly string[] {
  const [root = '', first = ''] = names;
  if (root !== '' || names.length < 3) return names;
  const isMerged = /^(?:bin|sbin|lib|lib32|lib64|libx32)$/.test(first);
  const [, usr = '', folder = '', ...rest] = isMerged ? ['', 'usr', ...names.slice(1)] : names;
  if (usr !== 'usr' || !folder.startsWith('lib') || rest.length === 0)
    return isMerged ? ['', usr, folder, ...rest] : names;
  const plain = /^lib(?:32|64|x32)$/.test(folder) ? 'lib' : folder;
  const isOfMachines = plain === 'lib' && rest.length > 1 && isTriplet(rest[0] ?? '');
  return ['', 'usr', plain, ...(isOfMachines ? rest.slice(1) : rest)];
}

/** `x86_64-linux-gnu`, `arm-linux-gnueabihf`. */
function isTriplet(name: string): boolean {
  return name.length < 64 && /^[a-z0-9_]+-linux-(?:gnu|musl)[a-z0-9]*$/.test(name);
}
