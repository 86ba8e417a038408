import { normalisePath } from '../../base/normalise-path.ts';
import { directoryOf } from '../../base/path-parts.ts';
import type { Root } from '../../layers/root.ts';

/** One element of DT_RPATH or DT_RUNPATH, and where it leads in the root. */
export interface RunPathElement {
  readonly tag: 'DT_RPATH' | 'DT_RUNPATH';
  /** As it stands. */
  readonly element: string;
  readonly leads: RunPathTarget;
}

export type RunPathTarget =
  /** The working directory of the caller of the program. */
  | { readonly to: 'working-directory' }
  /** Holds a `$` word that no loader expands. */
  | { readonly to: 'nowhere' }
  | {
      readonly to: 'directory';
      /** With `$ORIGIN` expanded and without `..`; links are resolved only where a `..` comes after one. */
      readonly path: string;
      readonly fromOrigin: boolean;
      readonly state: DirectoryState;
    };

/** `not-known`: there is no root to look into. `creatable`: missing, and others than root may create it. */
export type DirectoryState =
  | 'safe'
  | 'writable-by-others'
  | 'creatable'
  | 'missing'
  | 'not-a-directory'
  | 'not-known';

/** A run path value may be as long as its file; no loader's is useful past this. */
const mostElements = 1024;

/** `path` is where the program lies; null for a bare file, whose origin is not known. */
export function runPathElements(
  tag: RunPathElement['tag'],
  value: string,
  path: string | null,
  root: Root | null,
): RunPathElement[] {
  if (value === '') return [];
  return value
    .split(':', mostElements)
    .map((element) => ({ tag, element, leads: leadsTo(element, path, root) }));
}

/** As glibc ends it (is_dst): `$ORIGINlib` is not a token. musl takes the first word for one. */
const originToken = /\$(?:ORIGIN(?!\w)|\{ORIGIN\})/;

function leadsTo(element: string, path: string | null, root: Root | null): RunPathTarget {
  if (element === '') return { to: 'working-directory' };
  const fromOrigin = originToken.test(element);
  const origin = path === null ? '$ORIGIN' : directoryOf(path);
  const expanded = element.replace(new RegExp(originToken, 'g'), () => origin);
  if (fromOrigin && path === null) {
    return { to: 'directory', path: expanded, fromOrigin, state: 'not-known' };
  }
  // glibc leaves a `$` before anything else as it stands, so what begins with it is relative.
  if (!expanded.startsWith('/')) return { to: 'working-directory' };
  if (/\$(?!LIB\b|\{LIB\}|PLATFORM\b|\{PLATFORM\})/.test(expanded)) return { to: 'nowhere' };
  const place = placeOf(expanded, root);
  const state = place.includes('$') ? 'not-known' : stateOf(place, root);
  return { to: 'directory', path: place, fromOrigin, state };
}

/** As PATH_MAX of the kernel: what is longer leads to no directory. */
const longestWalked = 4096;

/**
 * Where a path leads whatever way it takes: `/bin/../tmp` is `/tmp`. A `..` goes up from where a link leads, as in the kernel; the root
 * is its own parent. What does not exist is passed through, since it may be created.
 */
function placeOf(path: string, root: Root | null): string {
  if (!/\/\.\.(?:\/|$)/.test(path)) return normalisePath(path);
  if (root === null || path.length > longestWalked) return normalisePath(path);
  let place = '/';
  for (const component of path.split('/')) {
    if (component === '' || component === '.') continue;
    if (component === '..') place = directoryOf(root.resolve(place)?.path ?? place);
    else place = place === '/' ? `/${component}` : `${place}/${component}`;
  }
  return place;
}

function stateOf(path: string, root: Root | null): DirectoryState {
  if (root === null) return 'not-known';
  const entry = root.resolve(path);
  if (entry === undefined) return othersMayCreate(path, root) ? 'creatable' : 'missing';
  if (entry.type !== 'directory') return 'not-a-directory';
  return othersMayWrite(entry) || othersMayReplace(entry.path, root)
    ? 'writable-by-others'
    : 'safe';
}

/** Whether everybody may create names in it: the sticky bit protects existing names, not new ones. */
function othersMayWrite(entry: { readonly mode: number }): boolean {
  return (entry.mode & 0o002) !== 0;
}

/** Whether a parent lets others rename the directory away; a sticky parent does not. */
function othersMayReplace(path: string, root: Root): boolean {
  for (let parent = directoryOf(path); ; parent = directoryOf(parent)) {
    const entry = root.resolve(parent);
    if (entry !== undefined && othersMayWrite(entry) && (entry.mode & 0o1000) === 0) return true;
    if (parent === '/') return false;
  }
}

/** Whether the nearest parent that exists lets others create what is missing. */
function othersMayCreate(path: string, root: Root): boolean {
  for (let parent = directoryOf(path); ; parent = directoryOf(parent)) {
    const entry = root.resolve(parent);
    if (entry !== undefined) return entry.type === 'directory' && (entry.mode & 0o002) !== 0;
    if (parent === '/') return false;
  }
}
