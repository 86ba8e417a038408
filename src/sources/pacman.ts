import { expectFile, notThis, refuseChoice } from './claim.ts';
import { tarWalk } from './package-in-tar.ts';
import { findFile, identityOfPkginfo } from './package-metadata.ts';
import { packageTarget } from './package-target.ts';
import type { Source } from './source.ts';
import { walkUnpromised } from './stored-layer.ts';

const scheme = 'pacman';

export default {
  scheme,
  summary: 'an Arch Linux package (.pkg.tar.zst)',
  async claims(input) {
    return input.kind === 'file' && (await input.holds()) === scheme ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    if ((await input.holds()) === 'no-archive')
      throw notThis(input, 'an Arch Linux package: there is no tar in it');
    const { limits } = options;
    const identify = async () =>
      identityOfPkginfo(await findFile(tarWalk(input, limits), '.PKGINFO', limits));
    const entries = () => walkUnpromised(input.file, limits);
    return [await packageTarget(input, scheme, identify, entries)];
  },
} satisfies Source;
