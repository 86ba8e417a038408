import type { EntryWalk } from '../archive/entry.ts';
import type { Limits } from '../base/limits.ts';
import type { FileInput } from './input/input.ts';
import { tarInTar } from './packages/package-in-tar.ts';
import { findFile, identityOfControl } from './packages/package-metadata.ts';
import { tarPackage } from './packages/tar-package.ts';

/** opkg's format: the parts of a Debian package in a compressed tar. Older ones are an ar, and so a deb to us. */
export default tarPackage({
  scheme: 'ipk',
  summary: 'a package of opkg (OpenWrt)',
  recognised:
    'a tar that begins with `debian-binary` or `control.tar…`, or with `data.tar…` and contains `control.tar…`',
  endings: ['ipk'],
  inTar: {
    beginsWith: (name) => /^(?:debian-binary|(?:control|data)\.tar(?:\.\w{1,4})?)$/.test(name),
    // Ruby's old gems begin with their data too.
    isDecidedBy: (name, firstName) => !firstName.startsWith('data.') || isNameOf(name, 'control'),
  },
  identify: async (input, limits) =>
    identityOfControl(await findFile(part(input, 'control', limits), 'control', limits)),
  entries: (input, limits) => part(input, 'data', limits),
});

/** The entries of one of the tars inside. */
function part(input: FileInput, name: 'control' | 'data', limits: Limits): EntryWalk {
  const missing = `the package holds no ${name}.tar`;
  return tarInTar(input, (path) => isNameOf(path, name), missing, limits);
}

function isNameOf(path: string, part: string): boolean {
  return new RegExp(`^${part}\\.tar(?:\\.\\w{1,4})?$`).test(path);
}
