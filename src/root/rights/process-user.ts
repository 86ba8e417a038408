import type { Root } from '../../layers/root.ts';
import { findCredentials } from '../start/runtime/user-credentials.ts';
import { isEnd } from '../start/start.ts';
import type { Credentials } from './permission.ts';

/** Who an image's USER is; null: somebody that the root does not know, as which no runtime starts it. */
export function findProcessUser(root: Root, setting: string): Credentials | null {
  const who = findCredentials(root, setting);
  return isEnd(who) ? null : who;
}

/** null: the root does not show it. root is known without a file. */
export function uidOfName(root: Root, name: string): number | null {
  const uid = findProcessUser(root, name)?.uid ?? null;
  return uid === null && name === 'root' && root.text('/etc/passwd') === undefined ? 0 : uid;
}
