import { tarWalk } from './packages/package-in-tar.ts';
import { findFile } from './packages/package-metadata.ts';
import { tarPackage } from './packages/tar-package.ts';

const description = 'props.plist';
const inFront: ReadonlySet<string> = new Set(['INSTALL', 'REMOVE', 'files.plist', description]);

/** A tar with scripts and two property lists in front of the files (xbps-create(1)). */
export default tarPackage({
  scheme: 'xbps',
  summary: 'a package of Void Linux',
  recognised:
    'a tar that begins with `INSTALL`, `REMOVE`, `files.plist` or `props.plist`, and contains `props.plist`',
  endings: ['xbps'],
  inTar: {
    beginsWith: (name) => inFront.has(name),
    isDecidedBy: (name) => name === description,
  },
  async identify(input, limits) {
    const bytes = await findFile(tarWalk(input, limits), description, limits);
    if (bytes === null) return null;
    const text = bytes.toString('utf8');
    const name = stringOf(text, 'pkgname');
    const full = stringOf(text, 'pkgver');
    const version = full.startsWith(`${name}-`) ? full.slice(name.length + 1) : full;
    return { name, version, architecture: stringOf(text, 'architecture') };
  },
});

function stringOf(text: string, key: string): string {
  const value = new RegExp(`<key>${key}</key>\\s{0,64}<string>([^<]{0,256})</string>`).exec(text);
  return value?.[1] ?? '';
}
