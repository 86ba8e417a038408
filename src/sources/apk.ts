import { expectFile, refuseChoice } from './input/expect-input.ts';
import { kindOfAdb, openApkThree } from './packages/apk-three.ts';
import { tarWalk } from './packages/package-in-tar.ts';
import { findFile, identityOfPkginfo } from './packages/package-metadata.ts';
import { isOfPacman } from './packages/pkginfo.ts';
import { tarPackage } from './packages/tar-package.ts';
import type { Source } from './source.ts';

/**
 * Alpine's format of apk-tools 2: three gzip members, of which the first two (signature, control) lack the end of a tar,
 * so that the whole is one tar. What stands in front is read as well: a script of the package may be an ELF file.
 */
const ofTwo = tarPackage({
  scheme: 'apk',
  summary: 'a package of apk-tools 2 or 3 (Alpine, OpenWrt)',
  recognised:
    'a tar that begins with `.SIGN.…`, or with the `.PKGINFO` of Alpine; or `ADB.`, `ADBd` or `ADBc` with a package in it',
  endings: ['apk'],
  inTar: { beginsWith: (name) => name.startsWith('.SIGN.') || name === '.PKGINFO' },
  isOne: async (input) => !(await isOfPacman(input)),
  identify: async (input, limits) =>
    identityOfPkginfo(await findFile(tarWalk(input, limits), '.PKGINFO', limits), 'apk'),
});

export default {
  ...ofTwo,
  async claims(input) {
    if (input.kind !== 'file' || input.format !== 'adb') return ofTwo.claims(input);
    return (await kindOfAdb(input.file)) === 'package' ? 'certain' : 'no';
  },
  async open(given, options) {
    if (given.kind !== 'file' || given.format !== 'adb') return ofTwo.open(given, options);
    const input = expectFile(given, 'apk');
    refuseChoice(input, options, 'apk');
    return [await openApkThree(input, options.limits)];
  },
} satisfies Source;
