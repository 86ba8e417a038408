import { tarWalk } from './packages/package-in-tar.ts';
import { findFile, identityOfPkginfo } from './packages/package-metadata.ts';
import { tarPackage } from './packages/tar-package.ts';

export default tarPackage({
  scheme: 'pacman',
  summary: 'an Arch Linux package (.pkg.tar.zst)',
  recognised: 'a tar that begins with `.BUILDINFO` or `.MTREE`',
  inTar: { beginsWith: (name) => name === '.BUILDINFO' || name === '.MTREE' },
  identify: async (input, limits) =>
    identityOfPkginfo(await findFile(tarWalk(input, limits), '.PKGINFO', limits), 'pacman'),
});
