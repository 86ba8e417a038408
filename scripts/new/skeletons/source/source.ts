import { parseJson, textOr } from '../../../../src/sources/json/json.ts';
import { tarWalk } from '../../../../src/sources/packages/package-in-tar.ts';
import { findFile } from '../../../../src/sources/packages/package-metadata.ts';
import { tarPackage } from '../../../../src/sources/packages/tar-package.ts';

const manifest = 'skeleton-name.json';

/** The format, with the place of its specification. */
export default tarPackage({
  scheme: 'skeleton-name',
  summary: 'a package, as the end of "it is not"',
  recognised: `a tar that begins with \`${manifest}\``,
  endings: ['skeleton-name'],
  inTar: { beginsWith: (name) => name === manifest },
  async identify(input, limits) {
    const bytes = await findFile(tarWalk(input, limits), manifest, limits);
    if (bytes === null) return null;
    const json = parseJson(bytes, manifest);
    const [name = '', version = ''] = ['name', 'version'].map((key) => textOr(json, key, ''));
    return { name, version, architecture: '' };
  },
});
