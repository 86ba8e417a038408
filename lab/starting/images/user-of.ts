import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * USER of an image: a name or a number, with or without a group; null where the root does not know the name. A number
 * without a group has that of its entry, or 0.
 */
export function userOf(root: string, user: string): User | null {
  const [name = '', group] = user.split(':');
  if (name === '') return { uid: 0, gid: 0 };
  const entry = find(root, 'etc/passwd', name);
  const uid = Number(entry?.[2] ?? name);
  const gid = Number(
    group === undefined ? (entry?.[3] ?? 0) : (find(root, 'etc/group', group)?.[2] ?? group),
  );
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : null;
}

function find(root: string, file: string, key: string): string[] | undefined {
  const path = join(root, file);
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  return lines.find(([name, , id]) => name === key || id === key);
}
