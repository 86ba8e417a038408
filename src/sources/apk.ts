import { tarWalk } from './packages/package-in-tar.ts';
import { findFile, identityOfPkginfo } from './packages/package-metadata.ts';
import { isOfPacman } from './packages/pkginfo.ts';
import { tarPackage } from './packages/tar-package.ts';

/**
 * Alpine's format of apk-tools 2: three gzip members, of which the first two (signature, control) lack the end of a tar,
 * so that the whole is one tar. What stands in front is read as well: a script of the package may be an ELF file.
 */
export default tarPackage({
  scheme: 'apk',
  summary: 'an Alpine package of apk-tools 2',
  recognised: 'a tar that begins with `.SIGN.…`, or with the `.PKGINFO` of Alpine',
  endings: ['apk'],
  inTar: { beginsWith: (name) => name.startsWith('.SIGN.') || name === '.PKGINFO' },
  isOne: async (input) => !(await isOfPacman(input)),
  identify: async (input, limits) =>
    identityOfPkginfo(await findFile(tarWalk(input, limits), '.PKGINFO', limits), 'apk'),
});
