import { encodeName } from '../../../base/text.ts';
import { impliedEntry, mountedDirectories } from '../../../layers/overlay/tree.ts';
import type { Root, RootEntry } from '../../../layers/root.ts';
import { type Credentials, mayUse, octalMode } from '../../rights/permission.ts';
import type { Errno } from './errno.ts';

/** Where a path leads a process, as path_resolution(7) has it. */
export type Walk =
  | { readonly outcome: 'found'; readonly entry: RootEntry }
  /** `at`: the part of the path that could not be passed; `rest`: what would have followed it. */
  | {
      readonly outcome: 'error';
      readonly errno: Errno;
      readonly at: string;
      /** Of EACCES: the directory that may not be searched, and by whom. */
      readonly closed?: string;
      readonly rest: readonly string[];
    }
  | { readonly outcome: 'undecided'; readonly because: string; readonly isLimit: boolean };

/** Components that all walks of one start may look up. Real ones need a few hundred. */
export interface Steps {
  left: number;
}

export interface Walker {
  readonly root: Root;
  readonly who: Credentials;
  readonly steps: Steps;
  /** A directory that the runtime makes, with those above it: the working directory, where the image lacks it. */
  readonly made: string | null;
  /** Directories that an image declares so and that others may be mounted upon; absolute. */
  readonly volumes: readonly string[];
}

/** fs/namei.c: MAXSYMLINKS, NAME_MAX and PATH_MAX. */
const mostLinks = 40;
const longestName = 255;
export const longestPath = 4095;

/** A relative path begins in `from`, which is absolute. */
export function walkPath(walker: Walker, from: string, path: string): Walk {
  const walk = walkInImage(walker, from, path);
  if (walk.outcome !== 'error') return walk;
  const end = [walk.at, ...walk.rest].join('/');
  const volume = walker.volumes.find((each) => `${end}/`.startsWith(`${each}/`));
  return volume === undefined
    ? walk
    : {
        outcome: 'undecided',
        because: `${path} is not to be had, and what is mounted at the volume ${volume} decides`,
        isLimit: false,
      };
}

function walkInImage({ root, who, steps, made }: Walker, from: string, path: string): Walk {
  if (path === '') return error('ENOENT', path);
  if (lengthOf(path) > longestPath) return error('ENAMETOOLONG', path);
  const pending = `${path.startsWith('/') ? '' : `${from}/`}${path}`.split('/').reverse();
  const trail: string[] = [];
  let links = 0;
  let here = root.entry('/');
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    steps.left -= 1;
    if (steps.left < 0)
      return { outcome: 'undecided', because: 'its paths take too many steps', isLimit: true };
    if (here === undefined) return error('ENOENT', pathOf(trail));
    if (name === '' || name === '.') {
      if (here.type !== 'directory') return error('ENOTDIR', pathOf(trail));
      continue;
    }
    if (here.type !== 'directory') return error('ENOTDIR', pathOf(trail));
    const refused = refuse(here, who);
    if (refused !== null) return refused;
    if (name === '..') {
      trail.pop();
      here = root.entry(pathOf(trail)) ?? madeDirectory(pathOf(trail), made);
      continue;
    }
    if (lengthOf(name) > longestName) return error('ENAMETOOLONG', pathOf([...trail, name]));
    trail.push(name);
    if (trail.length === 1 && pending.length > 0 && mountedDirectories.has(name))
      return {
        outcome: 'undecided',
        because: `what runtimes mount at /${name} decides`,
        isLimit: false,
      };
    const next = root.entry(pathOf(trail)) ?? madeDirectory(pathOf(trail), made);
    if (next === undefined) return error('ENOENT', pathOf(trail), pending.toReversed());
    if (next.type !== 'symlink') {
      here = next;
      continue;
    }
    trail.pop();
    links += 1;
    const target = next.linkTarget;
    if (links > mostLinks) return error('ELOOP', next.path);
    if (target === '') return error('ENOENT', next.path);
    if (lengthOf(target) > longestPath) return error('ENAMETOOLONG', next.path);
    if (target.startsWith('/')) {
      trail.length = 0;
      here = root.entry('/');
    }
    pending.push(...target.split('/').reverse());
  }
  return here === undefined ? error('ENOENT', pathOf(trail)) : { outcome: 'found', entry: here };
}

/** A directory that may not be searched. What a layer says of the root directory itself, runtimes take or leave. */
function refuse(directory: RootEntry, who: Credentials): Walk | null {
  if (mayUse(directory, 'execute', who)) return null;
  if (directory.path !== '/')
    return { ...error('EACCES', directory.path), closed: closedText(directory, who) };
  const because =
    'the root directory is closed to the user by its layer, which not every runtime applies';
  return { outcome: 'undecided', because, isLimit: false };
}

function closedText({ path, mode, uid, gid }: RootEntry, who: Credentials): string {
  return `the folder ${path} (mode ${octalMode(mode)}, owner ${uid}:${gid}) is closed to user ${who.uid}:${who.gid}`;
}

function error(
  errno: Errno,
  at: string,
  rest: readonly string[] = [],
): Extract<Walk, { outcome: 'error' }> {
  return { outcome: 'error', errno, at, rest };
}

function madeDirectory(path: string, made: string | null): RootEntry | undefined {
  if (made === null || !`${made}/`.startsWith(`${path}/`)) return undefined;
  return { ...impliedEntry, path, layer: 0, inode: -1 };
}

function pathOf(trail: readonly string[]): string {
  return `/${trail.join('/')}`;
}

function lengthOf(name: string): number {
  return name.length * 3 < longestName ? name.length : encodeName(name).length;
}
