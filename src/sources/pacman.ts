import type { FileInput } from './input/input.ts';
import { packageHolding } from './input/kind-by-names.ts';
import { tarWalk } from './packages/package-in-tar.ts';
import { findFile, identityOfPkginfo } from './packages/package-metadata.ts';
import { isOfPacman } from './packages/pkginfo.ts';
import { tarPackage } from './packages/tar-package.ts';

const newer = tarPackage({
  scheme: 'pacman',
  summary: 'an Arch Linux package (.pkg.tar.zst)',
  recognised: 'a tar that begins with `.BUILDINFO` or `.MTREE`, or with the `.PKGINFO` of makepkg',
  inTar: { beginsWith: (name) => name === '.BUILDINFO' || name === '.MTREE' },
  identify: async (input, limits) =>
    identityOfPkginfo(await findFile(tarWalk(input, limits), '.PKGINFO', limits), 'pacman'),
});

export default {
  ...newer,
  async claims(input) {
    const isOld = input.kind === 'file' && (await isOldOne(input));
    return isOld ? 'certain' : newer.claims(input);
  },
} satisfies typeof newer;

/** It begins as those of Alpine do. */
async function isOldOne(input: FileInput): Promise<boolean> {
  return (await input.holds()) === packageHolding('apk') && (await isOfPacman(input));
}
