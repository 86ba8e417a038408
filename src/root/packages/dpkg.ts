import type { Root } from '../../layers/root.ts';
import type { OperatingSystem } from '../../report.ts';
import type { PackageDatabase, PackageFiles, WantsPath } from './package.ts';
import { purlOf } from './purl.ts';
import { fieldOf, linesOf, stanzasOf } from './stanzas.ts';

const folder = '/var/lib/dpkg';

/**
 * dpkg's database: /var/lib/dpkg/status describes the packages, info/NAME.list or info/NAME:ARCH.list names the files
 * of each (deb(5), dpkg-query(1)). Distroless images have one description a package in status.d, with NAME.md5sums.
 */
export function readDpkg(
  root: Root,
  os: OperatingSystem | null,
  wants: WantsPath,
): PackageDatabase {
  const status = root.text(`${folder}/status`);
  const parts = root.list(`${folder}/status.d`);
  if (status === undefined && parts.length === 0) return { state: 'absent' };
  return { state: 'read', packages: readAll(root, os, wants) };
}

function* readAll(
  root: Root,
  os: OperatingSystem | null,
  wants: WantsPath,
): Iterable<PackageFiles> {
  const status = root.text(`${folder}/status`);
  for (const stanza of status === undefined ? [] : stanzasOf(status)) {
    if (!fieldOf(stanza, 'Status:').endsWith(' installed')) continue;
    const name = fieldOf(stanza, 'Package:');
    const list =
      root.text(`${folder}/info/${name}.list`) ??
      root.text(`${folder}/info/${name}:${fieldOf(stanza, 'Architecture:')}.list`);
    const paths = list === undefined ? [] : [...linesOf(list)].filter(wants);
    if (paths.length > 0) yield describe(stanza, paths, os);
  }
  for (const file of root.list(`${folder}/status.d`)) {
    const text = file.endsWith('.md5sums') ? undefined : root.text(`${folder}/status.d/${file}`);
    const sums = root.text(`${folder}/status.d/${file}.md5sums`);
    const [stanza] = text === undefined ? [] : stanzasOf(text);
    if (stanza === undefined || sums === undefined) continue;
    const paths = [...linesOf(sums)].map(pathOfSum).filter(wants);
    if (paths.length > 0) yield describe(stanza, paths, os);
  }
}

function describe(
  stanza: readonly string[],
  paths: readonly string[],
  os: OperatingSystem | null,
): PackageFiles {
  const described = {
    manager: 'dpkg',
    name: fieldOf(stanza, 'Package:'),
    version: fieldOf(stanza, 'Version:'),
    architecture: fieldOf(stanza, 'Architecture:'),
  } as const;
  return { package: { ...described, purl: purlOf(described, os) }, paths };
}

/** `d41d8cd98f00b204e9800998ecf8427e  usr/bin/tool` */
function pathOfSum(line: string): string {
  return `/${line.slice(line.indexOf(' ')).trimStart()}`;
}
