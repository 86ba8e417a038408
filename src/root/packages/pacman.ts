import type { Root } from '../../layers/root.ts';
import type { OperatingSystem } from '../system/operating-system.ts';
import { pacmanMaker } from './makers/pacman-maker.ts';
import type { PackageDatabase, PackageFiles, WantsPath } from './package.ts';
import { purlOf } from './purl.ts';
import { stanzasOf } from './stanzas.ts';

const folder = '/var/lib/pacman/local';

/** pacman's local database (libalpm, be_local.c): a folder a package with `desc` and `files`, each of `%KEY%` stanzas. */
export function readPacman(
  root: Root,
  os: OperatingSystem | null,
  wants: WantsPath,
): PackageDatabase {
  const names = root.list(folder);
  if (names.length === 0) return { state: 'absent' };
  return { state: 'read', packages: readAll(root, names, os, wants) };
}

function* readAll(
  root: Root,
  names: readonly string[],
  os: OperatingSystem | null,
  wants: WantsPath,
): Iterable<PackageFiles> {
  const read = new Set<Buffer>();
  for (const name of names) {
    const files = root.text(`${folder}/${name}/files`);
    const description = root.text(`${folder}/${name}/desc`);
    if (files === undefined || description === undefined || read.has(files)) continue;
    read.add(files);
    const paths = valuesOf(files, 'FILES')
      .map((path) => `/${path}`)
      .filter(wants);
    if (paths.length === 0) continue;
    const value = (key: string) => valuesOf(description, key)[0] ?? '';
    const described = {
      manager: 'pacman',
      name: value('NAME'),
      source: value('BASE') || value('NAME'),
      version: value('VERSION'),
      architecture: value('ARCH'),
    } as const;
    const validation = valuesOf(description, 'VALIDATION')[0] ?? null;
    const maker = pacmanMaker(value('PACKAGER'), validation, os?.id ?? null);
    const record = `${folder}/${name}/files`;
    const maintainer = value('PACKAGER');
    yield {
      package: { ...described, purl: purlOf(described, os), maker, maintainer },
      paths,
      record,
    };
  }
}

function valuesOf(text: Buffer, key: string): readonly string[] {
  for (const [head, ...values] of stanzasOf(text)) if (head === `%${key}%`) return values;
  return [];
}
