import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import {
  type OtherAlgorithm,
  otherAlgorithms,
  packageManagers,
} from '../../base/package-managers.ts';
import { codeOf } from '../../base/system-error.ts';

/**
 * What they know files by, in addition to SHA-256. Where a link stands in the way or the system refuses an answer, there may be one:
 * inside the root the link may lead to it.
 */
export function digestsOfPackages(root: string): readonly OtherAlgorithm[] {
  const present = packageManagers.filter(({ databases }) =>
    databases.some((place) => mayLead(root, place.split('/'))),
  );
  return otherAlgorithms.filter((name) => present.some(({ digests }) => digests.includes(name)));
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
