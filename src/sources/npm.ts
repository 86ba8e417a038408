import { parseJson, textOr } from './json/json.ts';
import { tarWalk } from './packages/package-in-tar.ts';
import { findFile } from './packages/package-metadata.ts';
import { tarPackage } from './packages/tar-package.ts';

export default tarPackage({
  scheme: 'npm',
  summary: 'a package as npm pack writes it',
  recognised: 'a tar that begins with `package/` and contains `package/package.json`',
  // What begins so is npm's only if it holds its manifest.
  inTar: {
    beginsWith: (name) => name === 'package' || name.startsWith('package/'),
    manifest: 'package/package.json',
  },
  async identify(input, limits) {
    const bytes = await findFile(tarWalk(input, limits), 'package/package.json', limits);
    if (bytes === null) return null;
    const json = parseJson(bytes, 'package.json');
    return {
      name: textOr(json, 'name', ''),
      version: textOr(json, 'version', ''),
      architecture: '',
    };
  },
});
