import { decompress } from '../archive/decompress.ts';
import type { Entry, EntryWalk } from '../archive/entry.ts';
import { tarEntries } from '../archive/tar/tar-stream.ts';
import { MissingPart } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import { cleanName } from './files/path-in-archive.ts';
import type { FileInput } from './input/input.ts';
import { tarWalk } from './packages/package-in-tar.ts';
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
async function* part(input: FileInput, name: 'control' | 'data', limits: Limits): EntryWalk {
  let found = false;
  for await (const entry of tarWalk(input, limits)) {
    if (!isPart(entry, name)) continue;
    found = true;
    yield* tarEntries(decompress(entry.body(), limits), limits);
  }
  if (!found) throw new MissingPart(`the package holds no ${name}.tar`);
}

function isPart({ type, path }: Entry, name: string): boolean {
  return type === 'file' && isNameOf(cleanName(path), name);
}

function isNameOf(path: string, part: string): boolean {
  return new RegExp(`^${part}\\.tar(?:\\.\\w{1,4})?$`).test(path);
}
