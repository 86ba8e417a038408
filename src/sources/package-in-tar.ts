// supporting: packages that are a tar whose first names tell what they are
import { decompress } from '../archive/decompress.ts';
import type { EntryWalk } from '../archive/entry.ts';
import { tarEntries } from '../archive/tar-stream.ts';
import type { Limits } from '../limits.ts';
import type { FileInput, PackageHolding } from './input.ts';
import { cleanName } from './path-in-archive.ts';

/** What a tar must hold to be more than one whose first name is that of a package. */
const manifests: { readonly [kind in PackageHolding]?: string } = {
  npm: 'package/package.json',
  conda: 'info/index.json',
};

export function manifestOf(kind: PackageHolding): string | null {
  return manifests[kind] ?? null;
}

/** Every entry, read as a stream from the beginning. */
export function tarWalk({ file }: FileInput, limits: Limits): EntryWalk {
  return tarEntries(decompress(file.stream(0, file.size), limits), limits);
}

/**
 * By the first name alone, which the tools that build packages see to: a `/.PKGINFO` elsewhere does not make a package of
 * a root filesystem. What begins with `package/` is npm's only if it holds its manifest; so it is with conda's `info/`.
 */
export function packageBeginningWith(firstName: string): PackageHolding | null {
  const name = cleanName(firstName);
  if (name === 'package' || name.startsWith('package/')) return 'npm';
  if (name === 'info' || name.startsWith('info/')) return 'conda';
  if (name.startsWith('.SIGN.') || name === '.PKGINFO') return 'apk';
  if (name === '.BUILDINFO' || name === '.MTREE') return 'pacman';
  if (/^(?:debian-binary|(?:control|data)\.tar(?:\.\w{1,4})?)$/.test(name)) return 'ipk';
  return null;
}
