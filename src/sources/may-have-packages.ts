// supporting: whether the database of a package manager may be in a directory
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './system-error.ts';

/** Where the databases of apk, dpkg and rpm lie, which know files by digests. */
const places = [
  'lib/apk/db',
  'usr/lib/apk/db',
  'var/lib/dpkg',
  'var/lib/rpm',
  'usr/lib/sysimage/rpm',
  'usr/share/rpm',
  'root/.rpmdb',
];

/** True also where a link stands in the way or the system refuses an answer: inside of the root it may lead to one. */
export function mayHavePackages(root: string): boolean {
  return places.some((place) => mayLead(root, place.split('/')));
}

function mayLead(root: string, names: readonly string[]): boolean {
  let path = root;
  for (const name of names) {
    path = join(path, name);
    try {
      const stats = lstatSync(path);
      if (!stats.isDirectory()) return stats.isSymbolicLink();
    } catch (error) {
      return !['ENOENT', 'ENOTDIR'].includes(codeOf(error));
    }
  }
  return true;
}
