import { expectFile, notThis, refuseChoice } from './claim.ts';
import { tarWalk } from './package-in-tar.ts';
import { findFile, identityOfPkginfo } from './package-metadata.ts';
import { packageTarget } from './package-target.ts';
import type { Source } from './source.ts';
import { walkUnpromised } from './stored-layer.ts';

const scheme = 'apk';

/**
 * Alpine's format of apk-tools 2: three gzip members, of which the first two (signature, control) lack the end of a tar,
 * so that the whole is one tar. What stands in front is read as well: a script of the package may be an ELF file.
 */
export default {
  scheme,
  summary: 'an Alpine package of apk-tools 2',
  async claims(input) {
    return input.kind === 'file' && (await input.holds()) === scheme ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    if ((await input.holds()) === 'no-archive')
      throw notThis(input, 'an Alpine package of apk-tools 2: there is no tar in it');
    const { limits } = options;
    const identify = async () =>
      identityOfPkginfo(await findFile(tarWalk(input, limits), '.PKGINFO', limits));
    const entries = () => walkUnpromised(input.file, limits);
    return [await packageTarget(input, scheme, identify, entries)];
  },
} satisfies Source;
