import type { Root } from '../../layers/root.ts';
import type { OperatingSystem } from '../../report.ts';
import type { PackageDatabase, PackageFiles, WantsPath } from './package.ts';
import { purlOf } from './purl.ts';
import { fieldOf, stanzasOf } from './stanzas.ts';

/** Where apk-tools keeps it: since 3.0 below /usr. */
const places = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];

/** apk's database of installed packages (apk-tools, apk_db.c): one stanza a package, letters before a colon. */
export function readApk(root: Root, os: OperatingSystem | null, wants: WantsPath): PackageDatabase {
  const texts = places.flatMap((place) => root.text(place) ?? []);
  const [text] = texts;
  if (text === undefined) return { state: 'absent' };
  return { state: 'read', packages: readAll(text, os, wants) };
}

function* readAll(
  text: Buffer,
  os: OperatingSystem | null,
  wants: WantsPath,
): Iterable<PackageFiles> {
  for (const stanza of stanzasOf(text)) {
    const paths = filesOf(stanza).filter(wants);
    if (paths.length === 0) continue;
    const described = {
      manager: 'apk',
      name: fieldOf(stanza, 'P:'),
      version: fieldOf(stanza, 'V:'),
      architecture: fieldOf(stanza, 'A:'),
    } as const;
    yield { package: { ...described, purl: purlOf(described, os) }, paths };
  }
}

/** `F:` names a directory, and each `R:` after it a file there. */
function filesOf(stanza: readonly string[]): string[] {
  let directory = '';
  const found: string[] = [];
  for (const line of stanza) {
    const value = line.slice(2);
    if (line.startsWith('F:')) directory = value === '' ? '' : `/${value}`;
    else if (line.startsWith('R:')) found.push(`${directory}/${value}`);
  }
  return found;
}
