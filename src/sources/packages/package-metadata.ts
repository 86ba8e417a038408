import type { Entry, EntryWalk } from '../../archive/entry.ts';
import { LimitExceeded } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { cleanName } from '../files/path-in-archive.ts';
import type { Identity } from './package-target.ts';

/** The first file of this name, or of a name that is it; null when there is none. Reads no further. Throws LimitExceeded and what the walk throws. */
export async function findFile(
  walk: EntryWalk,
  name: string | ((name: string) => boolean),
  limits: Limits,
): Promise<Buffer | null> {
  const isIt = typeof name === 'string' ? (other: string) => other === name : name;
  for await (const entry of walk) {
    // Without `await` the loop would close the archive before its entry is read.
    if (entry.type === 'file' && isIt(cleanName(entry.path))) return await readWhole(entry, limits);
  }
  return null;
}

export async function readWhole(entry: Entry, { maxDocumentSize }: Limits): Promise<Buffer> {
  if (entry.size > maxDocumentSize) {
    throw new LimitExceeded(
      `${cleanName(entry.path)} has ${entry.size} bytes, the limit for a document is ${maxDocumentSize}`,
    );
  }
  const parts: Buffer[] = [];
  for await (const piece of entry.body()) parts.push(piece);
  return Buffer.concat(parts);
}

/** `Package: busybox` (Debian, opkg, Python); `manager` where it is a package of a distribution. */
export function identityOfControl(text: Buffer | null, manager?: 'dpkg'): Identity | null {
  if (text === null) return null;
  const field = fieldsOf(text, ':');
  const identity = {
    name: field('Package', 'Name'),
    version: field('Version'),
    architecture: field('Architecture'),
  };
  if (manager === undefined) return identity;
  const control = {
    ...nothingSaid,
    ...identity,
    manager,
    source: field('Source').replace(/ .*$/, ''),
    maintainer: field('Maintainer'),
    vendor: field('Vendor'),
    license: field('License'),
  };
  return { ...identity, control };
}

/** `pkgname = busybox` (Alpine, Arch). */
export function identityOfPkginfo(text: Buffer | null, manager: 'apk' | 'pacman'): Identity | null {
  if (text === null) return null;
  const field = fieldsOf(text, '=');
  const identity = {
    name: field('pkgname'),
    version: field('pkgver'),
    architecture: field('arch'),
  };
  const control = {
    ...nothingSaid,
    ...identity,
    manager,
    source: field('origin', 'pkgbase'),
    maintainer: manager === 'apk' ? field('maintainer') : field('packager'),
    url: field('url'),
    commit: field('commit'),
  };
  return { ...identity, control };
}

const nothingSaid = {
  source: '',
  maintainer: '',
  vendor: '',
  license: '',
  url: '',
  commit: '',
  isSigned: false,
};

/** A value longer than this is not a name. */
const longestValue = 256;

/** The first of these keys that there is; '' for none. */
function fieldsOf(text: Buffer | null, separator: string): (...keys: string[]) => string {
  const values = new Map<string, string>();
  for (const line of (text ?? Buffer.alloc(0)).toString('utf8').split('\n', 2000)) {
    const at = line.indexOf(separator);
    const key = line.slice(0, Math.max(0, at)).trim();
    if (at > 0 && !values.has(key))
      values.set(
        key,
        line
          .slice(at + 1)
          .trim()
          .slice(0, longestValue),
      );
  }
  return (...keys) => keys.map((key) => values.get(key)).find((value) => value !== undefined) ?? '';
}
