import type { Root } from '../layers/root.ts';
import { decodeName } from '../text.ts';
import type { Credentials } from './permission.ts';
import { isEnd } from './start/start.ts';
import { findCredentials } from './start/user-credentials.ts';

/** Who an image's USER is; null: somebody that the root does not know, as which no runtime starts it. */
export function findProcessUser(root: Root, setting: string): Credentials | null {
  const who = findCredentials(root, setting);
  return isEnd(who) ? null : who;
}

export interface Account {
  /** null: a number that no line of /etc/passwd has. */
  readonly name: string | null;
  readonly uid: number;
  readonly gid: number;
}

/** Of a name or number; root is known where there is no file. */
export function accountOf(root: Root, user: string): Account | null {
  for (const [name = '', , uid = '', gid = ''] of linesOf(root, '/etc/passwd')) {
    const number = numberOf(uid);
    if (number === null || (name !== user && String(number) !== user)) continue;
    return { name, uid: number, gid: numberOf(gid) ?? 0 };
  }
  if (user === 'root' && root.text('/etc/passwd') === undefined)
    return { name: 'root', uid: 0, gid: 0 };
  const number = numberOf(user);
  return number === null ? null : { name: null, uid: number, gid: 0 };
}

/** passwd(5): fields between colons. */
function* linesOf(root: Root, path: string): Iterable<readonly string[]> {
  const text = root.text(path);
  if (text === undefined) return;
  for (const line of decodeName(text).split('\n')) yield line.split(':');
}

function numberOf(text: string): number | null {
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}
