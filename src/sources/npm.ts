import { expectFile, notThis, refuseChoice } from './claim.ts';
import { parseJson, textOr } from './json.ts';
import { tarWalk } from './package-in-tar.ts';
import { findFile } from './package-metadata.ts';
import { packageTarget } from './package-target.ts';
import type { Source } from './source.ts';
import { walkUnpromised } from './stored-layer.ts';

const scheme = 'npm';

export default {
  scheme,
  summary: 'a package as npm pack writes it',
  async claims(input) {
    return input.kind === 'file' && (await input.holds()) === scheme ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    if ((await input.holds()) === 'no-archive')
      throw notThis(input, 'an npm package: there is no tar in it');
    const { limits } = options;
    async function identify() {
      const bytes = await findFile(tarWalk(input, limits), 'package/package.json', limits);
      if (bytes === null) return null;
      const json = parseJson(bytes, 'package.json');
      return {
        name: textOr(json, 'name', ''),
        version: textOr(json, 'version', ''),
        architecture: '',
      };
    }
    const entries = () => walkUnpromised(input.file, limits);
    return [await packageTarget(input, scheme, identify, entries)];
  },
} satisfies Source;
