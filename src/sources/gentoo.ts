import type { EntryWalk } from '../archive/entry.ts';
import type { Limits } from '../base/limits.ts';
import { partOf } from '../base/random-access.ts';
import { walkUnpromised } from './bytes/stored-layer.ts';
import { cleanName } from './files/path-in-archive.ts';
import type { FileInput } from './input/input.ts';
import { tarInTar } from './packages/package-in-tar.ts';
import { findFile } from './packages/package-metadata.ts';
import type { Identity } from './packages/package-target.ts';
import { tarPackage } from './packages/tar-package.ts';
import { readXpak, xpakAt } from './packages/xpak.ts';

const newer = tarPackage({
  scheme: 'gentoo',
  summary: 'a binary package of Gentoo (.gpkg.tar, .tbz2, .xpak)',
  recognised:
    'a tar that begins with `NAME/gpkg-1`, or a compressed tar with `XPAKPACK` … `STOP` at its end',
  endings: ['tbz2', 'xpak'],
  inTar: { beginsWith: (name) => /^[^/]+\/gpkg-1$/.test(name) },
  identify,
  entries: files,
});

/** GLEP 78: tars of the files and of what is known about them, in a tar; xpak(5): the latter behind a tar of the files. */
export default {
  ...newer,
  async claims(input) {
    const isOld =
      input.kind === 'file' &&
      input.format === 'compressed' &&
      (await xpakAt(input.file)) !== null &&
      (await input.holds()) !== 'no-archive';
    return isOld ? 'certain' : newer.claims(input);
  },
} satisfies typeof newer;

async function identify(input: FileInput, limits: Limits): Promise<Identity | null> {
  const start = await xpakAt(input.file);
  const field = async (name: string) =>
    start === null
      ? findFile(part(input, 'metadata', limits), `metadata/${name}`, limits)
      : readXpak(input.file, start, name, limits);
  const text = async (name: string) => (await field(name))?.toString('utf8').trim() ?? '';
  const full = await text('PF');
  const [, name = full, version = ''] = /^(.+?)-(\d[^-]*(?:-r\d+)?)$/.exec(full) ?? [];
  const category = await text('CATEGORY');
  const named = category === '' ? name : `${category}/${name}`;
  return { name: named, version, architecture: await text('CHOST') };
}

async function* files(input: FileInput, limits: Limits): EntryWalk {
  const { file } = input;
  const start = await xpakAt(file);
  if (start !== null) {
    yield* walkUnpromised(partOf(file, 0, start), limits);
    return;
  }
  for await (const entry of part(input, 'image', limits)) {
    const linkTarget = entry.type === 'hardlink' ? installed(entry.linkTarget) : entry.linkTarget;
    yield { ...entry, path: installed(entry.path), linkTarget };
  }
}

/** All files of the package lie below `image/`. */
function installed(path: string): string {
  return cleanName(path).replace(/^image(?:\/|$)/, '');
}

/** The entries of one of the tars inside. */
function part(input: FileInput, name: 'metadata' | 'image', limits: Limits): EntryWalk {
  const isPart = new RegExp(`^[^/]+/${name}\\.tar(?:\\.\\w{1,4})?$`);
  const missing = `the package holds no ${name}.tar`;
  return tarInTar(input, (path) => isPart.test(path), missing, limits);
}
