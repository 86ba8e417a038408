import type { Root } from '../../layers/root.ts';
import type { OperatingSystem } from '../system/operating-system.ts';
import { apkMaker } from './makers/apk-maker.ts';
import type { Maker } from './makers/maker.ts';
import type { FileDigest, PackageDatabase, PackageFiles, WantsPath } from './package.ts';
import { purlOf } from './purl.ts';
import { fieldOf, linesOf, stanzasOf } from './stanzas.ts';

/** Where apk-tools keeps it: since 3.0 below /usr. */
const places = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];

/** apk's database of installed packages (apk-tools, apk_db.c): one stanza a package, letters before a colon. */
export function readApk(root: Root, os: OperatingSystem | null, wants: WantsPath): PackageDatabase {
  const texts = places.flatMap((place) => root.text(place) ?? []);
  const [text] = texts;
  if (text === undefined) return { state: 'absent' };
  return { state: 'read', packages: readAll(text, os, { wants, pinned: readPinned(root) }) };
}

function* readAll(
  text: Buffer,
  os: OperatingSystem | null,
  { wants, pinned }: { readonly wants: WantsPath; readonly pinned: ReadonlySet<string> },
): Iterable<PackageFiles> {
  // apk writes one for each file; databases made by hand have none.
  const hasDigests = text.includes('\nZ:Q');
  for (const stanza of stanzasOf(text)) {
    const files = filesOf(stanza, wants);
    if (files.length === 0) continue;
    const paths = files.map(({ path }) => path);
    const digests = new Map(files.map(({ path, digest }) => [path, digest]));
    const described = {
      manager: 'apk',
      name: fieldOf(stanza, 'P:'),
      source: fieldOf(stanza, 'o:') || fieldOf(stanza, 'P:'),
      version: fieldOf(stanza, 'V:'),
      architecture: fieldOf(stanza, 'A:'),
    } as const;
    const found = {
      package: {
        ...described,
        purl: purlOf(described, os),
        maker: makerOf(stanza, pinned),
        maintainer: fieldOf(stanza, 'm:'),
      },
      paths,
    };
    yield hasDigests ? { ...found, digests } : found;
  }
}

/** Names in /etc/apk/world that a digest follows: `apk add ./tool.apk` writes it there (apk-tools, app_add.c). */
function readPinned(root: Root): ReadonlySet<string> {
  const world = root.text('/etc/apk/world');
  const words = world === undefined ? [] : [...linesOf(world)].flatMap((line) => line.split(/\s+/));
  return new Set(words.flatMap((word) => (word.includes('><') ? [word.replace(/><.*/, '')] : [])));
}

function makerOf(stanza: readonly string[], pinned: ReadonlySet<string>): Maker {
  return apkMaker({
    commit: fieldOf(stanza, 'c:'),
    maintainer: fieldOf(stanza, 'm:'),
    url: fieldOf(stanza, 'U:'),
    version: fieldOf(stanza, 'V:'),
    isPinned: pinned.has(fieldOf(stanza, 'P:')),
  });
}

interface ListedFile {
  readonly path: string;
  digest: FileDigest | null;
}

/** `F:` names a directory, each `R:` after it a file there, and `Z:` behind that the digest of its content. */
function filesOf(stanza: readonly string[], wants: WantsPath): readonly ListedFile[] {
  let directory = '';
  let file: ListedFile | undefined;
  const found: ListedFile[] = [];
  for (const line of stanza) {
    const value = line.slice(2);
    if (line.startsWith('F:')) directory = value === '' ? '' : `/${value}`;
    else if (line.startsWith('R:')) {
      const path = `${directory}/${value}`;
      file = wants(path) ? { path, digest: null } : undefined;
      if (file !== undefined) found.push(file);
    } else if (line.startsWith('Z:')) setDigest(file, value);
  }
  return found;
}

const algorithms: ReadonlyMap<string, FileDigest['algorithm']> = new Map([
  ['Q1', 'sha1'],
  ['Q2', 'sha256'],
]);

/** `Q1` and the SHA-1 in base64, `Q2` and the SHA-256 (apk-tools, apk_checksum). */
function setDigest(file: ListedFile | undefined, value: string): void {
  const algorithm = algorithms.get(value.slice(0, 2));
  if (file === undefined || algorithm === undefined) return;
  file.digest = { algorithm, hex: Buffer.from(value.slice(2), 'base64').toString('hex') };
}
