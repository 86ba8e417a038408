import type { Root } from '../../layers/root.ts';
import type { OperatingSystem } from '../system/operating-system.ts';
import { dpkgMaker } from './makers/dpkg-maker.ts';
import type { Maker } from './makers/maker.ts';
import type { FileDigest, PackageDatabase, PackageFiles, WantsPath } from './package.ts';
import { purlOf } from './purl.ts';
import { allLinesOf, fieldOf, linesOf, stanzasOf } from './stanzas.ts';

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
  // dpkg writes them for every package, whether or not it brings them; who wants a smaller image removes all of them.
  const hasSums = root.list(`${folder}/info`).some((name) => name.endsWith('.md5sums'));
  const diversions = readDiversions(root);
  const wantsThere = (path: string) => wants(path) || wants(diversions.get(path)?.to ?? path);
  const read = new Set<Buffer>();
  for (const stanza of status === undefined ? [] : stanzasOf(status)) {
    if (hasNoFiles(fieldOf(stanza, 'Status:'))) continue;
    const name = fieldOf(stanza, 'Package:');
    const plain = `${folder}/info/${name}`;
    const qualified = `${plain}:${fieldOf(stanza, 'Architecture:')}`;
    const base = root.text(`${plain}.list`) === undefined ? qualified : plain;
    const info = (kind: string) => root.text(`${base}.${kind}`) ?? root.text(`${plain}.${kind}`);
    const list = info('list');
    if (list === undefined || read.has(list)) continue;
    read.add(list);
    const paths = allLinesOf(list).filter(wantsThere);
    if (paths.length === 0) continue;
    const sums = info('md5sums');
    const digests = hasSums ? digestsOf(paths, sums) : undefined;
    const record = `${base}.list`;
    yield* diverted({ ...describe(stanza, { paths, digests }, os), record }, diversions);
  }
  for (const file of root.list(`${folder}/status.d`)) {
    const text = file.endsWith('.md5sums') ? undefined : root.text(`${folder}/status.d/${file}`);
    const sums = root.text(`${folder}/status.d/${file}.md5sums`);
    const [stanza] = text === undefined ? [] : stanzasOf(text);
    if (stanza === undefined || sums === undefined || read.has(sums)) continue;
    read.add(sums);
    const paths = [...linesOf(sums)].map(pathOfSum).filter(wants);
    const digests = digestsOf(paths, sums);
    if (paths.length > 0) yield describe(stanza, { paths, digests }, os);
  }
}

/** The third word says what is on disk (dpkg(1)): files of a package that was not configured are there like others. */
function hasNoFiles(status: string): boolean {
  return /(?:^| )(?:not-installed|config-files)$/.test(status) || status === '';
}

function digestsOf(
  paths: readonly string[],
  sums: Buffer | undefined,
): ReadonlyMap<string, FileDigest | null> {
  const digests = new Map<string, FileDigest | null>(paths.map((path) => [path, null]));
  for (const line of sums === undefined ? [] : linesOf(sums)) {
    const path = pathOfSum(line);
    if (!digests.has(path)) continue;
    const [hex] = /^[0-9a-f]{32}(?= )/.exec(line) ?? [];
    // A value that is not a digest proves nothing, as in a database without digests.
    if (hex === undefined) digests.delete(path);
    else digests.set(path, { algorithm: 'md5', hex });
  }
  return digests;
}

interface Diversion {
  readonly to: string;
  readonly by: string;
}

/** dpkg-divert(1): three lines each. A file of another package than `by` lies at `to` in place of its own path. */
function readDiversions(root: Root): ReadonlyMap<string, Diversion> {
  const text = root.text(`${folder}/diversions`);
  const lines = text === undefined ? [] : [...linesOf(text)];
  const found = new Map<string, Diversion>();
  for (let at = 0; at + 2 < lines.length; at += 3)
    found.set(lines[at] ?? '', { to: lines[at + 1] ?? '', by: lines[at + 2] ?? '' });
  return found;
}

function* diverted(
  files: PackageFiles,
  diversions: ReadonlyMap<string, Diversion>,
): Iterable<PackageFiles> {
  const { paths, digests, ...rest } = files;
  const moved = (path: string) => {
    const diversion = diversions.get(path);
    return diversion === undefined || diversion.by === files.package.name ? path : diversion.to;
  };
  const placed = paths.map((path) => [moved(path), digests?.get(path) ?? null] as const);
  const found = { ...rest, paths: placed.map(([path]) => path) };
  yield digests === undefined ? found : { ...found, digests: new Map(placed) };
}

function describe(
  stanza: readonly string[],
  {
    paths,
    digests,
  }: Pick<PackageFiles, 'paths'> & { readonly digests: PackageFiles['digests'] | undefined },
  os: OperatingSystem | null,
): PackageFiles {
  const described = {
    manager: 'dpkg',
    name: fieldOf(stanza, 'Package:'),
    source: sourceOf(stanza),
    version: fieldOf(stanza, 'Version:'),
    architecture: fieldOf(stanza, 'Architecture:'),
  } as const;
  const found = {
    package: {
      ...described,
      purl: purlOf(described, os),
      maker: makerOf(stanza, os),
      maintainer: fieldOf(stanza, 'Maintainer:'),
    },
    paths,
  };
  return digests === undefined ? found : { ...found, digests };
}

function makerOf(stanza: readonly string[], os: OperatingSystem | null): Maker {
  return dpkgMaker((name) => fieldOf(stanza, name), os?.id ?? null);
}

/** `Source: gcc-12 (12.2.0-14)`, where its name or version is another one. */
function sourceOf(stanza: readonly string[]): string {
  return fieldOf(stanza, 'Source:').replace(/ .*$/, '') || fieldOf(stanza, 'Package:');
}

/** `d41d8cd98f00b204e9800998ecf8427e  usr/bin/tool` */
function pathOfSum(line: string): string {
  return `/${line.slice(line.indexOf(' ')).trimStart()}`;
}
