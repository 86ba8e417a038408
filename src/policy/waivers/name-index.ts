import { pythonName } from '../../base/python-name.ts';
import type { Judged } from '../../report/report.ts';
import type { Selector } from '../policy.ts';
import { normalDigest } from '../select.ts';
import { componentOf, packageOf } from '../subject.ts';

/** What a name is of: `begins` is the beginning of a file name, with its folder or without; `in` is a folder without its slashes around. */
type NameKind = 'digest' | 'path' | 'file' | 'begins' | 'in' | 'package';

interface Name {
  readonly kind: NameKind;
  readonly name: string;
}

/** Finds the items that may be of a file, by names that both have. */
export interface NameIndex<T> {
  add(names: readonly Name[], item: T): void;
  isEmpty(): boolean;
  /** All that share a name with it, each once, in no order. */
  found(judged: Judged): readonly T[];
}

export function createNameIndex<T>(): NameIndex<T> {
  const lists: Readonly<Record<NameKind, Map<string, T[]>>> = {
    ...{ digest: new Map(), path: new Map(), file: new Map() },
    ...{ begins: new Map(), in: new Map(), package: new Map() },
  };
  let isEmpty = true;
  return {
    add(names, item) {
      isEmpty &&= names.length === 0;
      for (const { kind, name } of names) {
        const list = lists[kind].get(name);
        if (list === undefined) lists[kind].set(name, [item]);
        // An item may have a name twice.
        else if (list.at(-1) !== item) list.push(item);
      }
    },
    isEmpty: () => isEmpty,
    found(judged) {
      const found = new Set<T>();
      // Of thousands of items a few share a name with a file.
      eachNameOf(
        judged,
        (kind) => lists[kind].size > 0,
        (kind, name) => {
          for (const item of lists[kind].get(name) ?? []) found.add(item);
        },
      );
      return [...found];
    },
  };
}

/** Names of which all that a selector matches has one too; null where something may match that has none of them. */
export function namesOfSelector(where: Selector): readonly Name[] | null {
  const { digest, path, package: packages } = where;
  if (digest !== undefined)
    return digest.map((text) => ({ kind: 'digest', name: normalDigest(text) }));
  return allOf(path, nameOfPath) ?? allOf(packages, nameOfPackage);
}

function allOf(
  globs: readonly string[] | undefined,
  nameOf: (glob: string) => Name | null,
): readonly Name[] | null {
  if (globs === undefined) return null;
  const names = globs.map(nameOf);
  return names.every((name) => name !== null) ? names : null;
}

function nameOfPath(glob: string): Name | null {
  const parts = glob.split('/');
  const last = parts.at(-1) ?? '';
  if (isLiteral(glob)) return { kind: parts.length > 1 ? 'path' : 'file', name: glob };
  // Braces may have slashes inside them.
  if (/[{\\]/.test(glob)) return null;
  if (isLiteral(last)) return { kind: 'file', name: last };
  const [beginning = ''] = /^[^*?[\]]*/.exec(last) ?? [];
  if (beginning.length >= shortest) {
    const folder = parts.slice(0, -1).join('/');
    const isWhole = glob.startsWith('/') && isLiteral(folder);
    const name = `${isWhole ? `${folder}/` : ''}${beginning.slice(0, longest)}`;
    return { kind: 'begins', name };
  }
  const folders = parts.findIndex((part) => !isLiteral(part));
  if (parts[0] !== '' || folders < 2) return null;
  return { kind: 'in', name: parts.slice(1, Math.min(folders, deepest + 1)).join('/') };
}

/** Beginnings of a file name that are names of their own: their lengths. */
const shortest = 3;
const longest = 7;

/** Folders of a path that are names of their own. */
const deepest = 3;

function nameOfPackage(glob: string): Name | null {
  return isLiteral(glob) ? { kind: 'package', name: normalName(glob) } : null;
}

/** Equal for all names that any ecosystem takes for the same. */
function normalName(name: string): string {
  return pythonName(name.slice(name.lastIndexOf('/') + 1));
}

function isLiteral(glob: string): boolean {
  return !/[*?[\]{}\\]/.test(glob);
}

/** Asked of each file: what nothing is kept under is not made. */
function eachNameOf(
  judged: Judged,
  isKept: (kind: NameKind) => boolean,
  visit: (kind: NameKind, name: string) => void,
): void {
  const { path, aliases, sha256 } = judged;
  if (sha256 !== null) visit('digest', sha256);
  for (const name of [path, ...aliases]) {
    const fileAt = name.lastIndexOf('/') + 1;
    visit('path', name);
    visit('file', name.slice(fileAt));
    if (isKept('begins')) eachBeginning(name, fileAt, visit);
    if (isKept('in')) eachFolder(name, visit);
  }
  if (!isKept('package')) return;
  for (const name of [packageOf({ judged }), componentOf({ judged })])
    if (name !== null) visit('package', normalName(name));
}

type Visit = (kind: NameKind, name: string) => void;

function eachBeginning(name: string, fileAt: number, visit: Visit): void {
  for (let end = fileAt + shortest; end <= Math.min(fileAt + longest, name.length); end += 1) {
    visit('begins', name.slice(fileAt, end));
    if (fileAt > 0) visit('begins', name.slice(0, end));
  }
}

/** All of it too: two stars stand for no folder as well. */
function eachFolder(name: string, visit: Visit): void {
  if (!name.startsWith('/')) return;
  let end = 0;
  for (let count = 0; count < deepest && end < name.length; count += 1) {
    const next = name.indexOf('/', end + 1);
    end = next < 0 ? name.length : next;
    visit('in', name.slice(1, end));
  }
}
