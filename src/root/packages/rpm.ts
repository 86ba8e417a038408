import { DamagedInput } from '../../base/errors.ts';
import type { Root } from '../../layers/root.ts';
import type { OperatingSystem } from '../system/operating-system.ts';
import { rpmMaker } from './makers/rpm-maker.ts';
import type { FileDigest, PackageDatabase, PackageFiles, WantsPath } from './package.ts';
import { purlOf } from './purl.ts';
import { type RpmHeader, readRpmHeader } from './rpm-header.ts';
import { openSqlite } from './sqlite.ts';

/** `%_dbpath` of the distributions: the usual one, openSUSE and Fedora, rpm-ostree, and Debian's rpm (`rpm --root`). */
const folders = ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm', '/root/.rpmdb'];

/** Older databases, which are known by name only. */
const otherFormats = { Packages: 'Berkeley DB', 'Packages.db': 'ndb' } as const;

/** rpm's database in its SQLite form (rpm 4.16 and later). */
export function readRpm(root: Root, os: OperatingSystem | null, wants: WantsPath): PackageDatabase {
  for (const folder of folders) {
    const file = root.text(`${folder}/rpmdb.sqlite`);
    if (file === undefined) continue;
    const log = root.resolve(`${folder}/rpmdb.sqlite-wal`);
    if (log === undefined || log.size === 0) return readSqlite(file, os, wants);
    const because = `${log.path} holds changes of the package database that are not read`;
    return { state: 'unreadable', because };
  }
  for (const folder of folders) {
    for (const [name, format] of Object.entries(otherFormats)) {
      if (root.resolve(`${folder}/${name}`)?.type !== 'file') continue;
      const because = `${folder}/${name} is a package database in the format ${format}, which is not read`;
      return { state: 'unreadable', because };
    }
  }
  return { state: 'absent' };
}

/** Read completely before it is used: half a database would make the other half unpackaged. */
function readSqlite(file: Buffer, os: OperatingSystem | null, wants: WantsPath): PackageDatabase {
  try {
    const packages: PackageFiles[] = [];
    for (const [, blob] of openSqlite(file).rows('Packages') ?? []) {
      if (!Buffer.isBuffer(blob)) continue;
      const header = readRpmHeader(blob);
      const paths = filesOf(header).filter(wants);
      if (paths.length === 0) continue;
      packages.push({ package: describe(header, os), paths, digests: digestsOf(header) });
    }
    return { state: 'read', packages };
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return { state: 'unreadable', because: `the rpm database is damaged: ${error.message}` };
  }
}

const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  architecture: 1022,
  sourcePackage: 1044,
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
  fileDigests: 1035,
  fileVerifyFlags: 1045,
  fileDigestAlgorithm: 5011,
} as const;

/** Signatures that are kept with what they sign, by any kind of key: SIGPGP, SIGGPG, DSAHEADER, RSAHEADER, OPENPGP. */
const signatures = [259, 262, 267, 268, 278];

function describe(header: RpmHeader, os: OperatingSystem | null) {
  const text = (tag: number) => header.texts(tag)[0] ?? '';
  const [epoch] = header.numbers(tags.epoch);
  const version = `${epoch === undefined ? '' : `${epoch}:`}${text(tags.version)}-${text(tags.release)}`;
  const architecture = text(tags.architecture);
  const name = text(tags.name);
  const source = sourceOf(text(tags.sourcePackage)) || name;
  const described = { manager: 'rpm', name, source, version, architecture } as const;
  const maker = rpmMaker(text(tags.vendor), signatures.some(header.has), os?.id ?? null);
  return { ...described, purl: purlOf(described, os), maker, maintainer: text(tags.vendor) };
}

/** `openssl-3.2.1-2.fc40.src.rpm` */
function sourceOf(file: string): string {
  return file.replace(/-[^-]*-[^-]*\.(?:no)?src\.rpm$/, '');
}

/** Each file is a base name and the number of its directory, which ends with a slash. */
function filesOf(header: RpmHeader): string[] {
  const directories = header.texts(tags.directoryNames);
  const indexes = header.numbers(tags.directoryIndexes);
  return header
    .texts(tags.baseNames)
    .map((name, index) => `${directories[indexes[index] ?? -1] ?? ''}${name}`);
}

/** Numbers of RFC 4880; without the tag it is MD5. SHA-512 and others are not compared. */
const algorithms: ReadonlyMap<number, FileDigest['algorithm']> = new Map([
  [1, 'md5'],
  [2, 'sha1'],
  [8, 'sha256'],
]);

/** RPMVERIFY_FILEDIGEST: the package says that the content may change (`%verify(not filedigest)`) where it is not set. */
const verifiesDigest = 1;

function digestsOf(header: RpmHeader): ReadonlyMap<string, FileDigest> {
  const algorithm = algorithms.get(header.numbers(tags.fileDigestAlgorithm)[0] ?? 1);
  const digests = header.texts(tags.fileDigests);
  const flags = header.numbers(tags.fileVerifyFlags);
  const found = new Map<string, FileDigest>();
  if (algorithm === undefined) return found;
  for (const [index, path] of filesOf(header).entries()) {
    const hex = digests[index] ?? '';
    if (hex !== '' && ((flags[index] ?? verifiesDigest) & verifiesDigest) !== 0)
      found.set(path, { algorithm, hex });
  }
  return found;
}
