import type { RootEntry } from '../../../layers/root.ts';
import { octalMode } from '../../rights/permission.ts';
import { cause, type StartCause } from '../cause.ts';
import { type StartEnd, undecided } from '../start.ts';
import { type Errno, errorText } from './errno.ts';
import type { Walk, Walker } from './walk-path.ts';

export function undecidedBy(walk: Extract<Walk, { outcome: 'undecided' }>): StartEnd {
  return undecided(walk.because, walk.isLimit ? 'limit' : undefined);
}

/** Of a path that a walk did not follow to its end. */
export function causeOf(errno: Errno, path: string): StartCause {
  switch (errno) {
    case 'EACCES':
      return cause('closed', path);
    case 'ENOTDIR':
      return cause('not-a-file', path);
    default:
      return cause('missing', path);
  }
}

/** Why a path leads nowhere: `/app does not exist`, `/opt/app is a link to what does not exist`. */
export function reasonOf(
  { errno, at, closed }: Extract<Walk, { outcome: 'error' }>,
  path: string,
): string {
  const isSame = at === path;
  switch (errno) {
    case 'ENOENT':
      if (isSame) return `${plain(path)} does not exist`;
      return `${path}/`.startsWith(`${at}/`)
        ? `${plain(path)} does not exist, nor does its folder ${plain(at)}`
        : `${plain(path)} leads to ${plain(at)}, which does not exist`;
    case 'EACCES':
      return `${closed ?? `the folder ${at} is closed to the user`}, on the way to ${path}`;
    case 'ENOTDIR':
      return `${path} leads through ${at}, which is not a directory`;
    case 'ELOOP':
      return `${path} leads into a loop of links at ${at}`;
    default:
      return `${path}: ${errorText(errno)}`;
  }
}

/** Reports leave control characters out, and `/bin/sh` and a carriage return is not /bin/sh. */
function plain(path: string): string {
  return /[\0-\x1f\x7f]/.test(path) ? JSON.stringify(path) : path;
}

export function notExecutable({ path, mode, uid, gid }: RootEntry, { who }: Walker): string {
  const octal = octalMode(mode);
  if ((mode & 0o111) === 0) return `${path} has mode ${octal}: no one has permission to execute it`;
  return `${path} has mode ${octal} and belongs to ${uid}:${gid}: user ${who.uid}:${who.gid} may not execute it`;
}
