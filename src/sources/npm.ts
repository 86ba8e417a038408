import { isImageName, isRootName } from './input/kind-by-names.ts';
import { parseJson, textOr } from './json/json.ts';
import { tarWalk } from './packages/package-in-tar.ts';
import { findFile } from './packages/package-metadata.ts';
import { tarPackage } from './packages/tar-package.ts';

/** npm takes away the first folder of each name, whatever it is called. */
export default tarPackage({
  scheme: 'npm',
  summary: 'a package of npm',
  recognised:
    'a tar that begins with a folder (`package/`, `tool/`) and contains its `package.json`',
  // What begins so is npm's only if it holds its manifest.
  inTar: {
    beginsWith: isInFolder,
    isDecidedBy: (name, firstName) => name === `${folderOf(firstName)}/package.json`,
    // Where the folder comes first, as in the packages of DefinitelyTyped; a root may begin with the folder of an application.
    isOneFolder: (firstName) => firstName !== 'package' && !firstName.includes('/'),
  },
  async identify(input, limits) {
    const bytes = await findFile(tarWalk(input, limits), isManifest, limits);
    if (bytes === null) return null;
    const json = parseJson(bytes, 'package.json');
    return {
      name: textOr(json, 'name', ''),
      version: textOr(json, 'version', ''),
      architecture: '',
    };
  },
});

function isInFolder(name: string): boolean {
  return /^[^./]/.test(name) && !isRootName(name) && !isImageName(name);
}

function folderOf(name: string): string {
  return name.split('/', 1)[0] ?? '';
}

function isManifest(name: string): boolean {
  return /^[^/]+\/package\.json$/.test(name);
}
