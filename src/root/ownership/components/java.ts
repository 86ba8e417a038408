import type { Contained } from '../../../layers/catalog.ts';
import type { Root } from '../../../layers/root.ts';
import { linesOf } from '../../packages/stanzas.ts';
import type { Ownership } from '../ownership.ts';
import { type Finder, purlOf } from './finder.ts';

/** Where build tools put the archives that an application's archive depends on; its own classes lie elsewhere. */
const librariesOfArchive = /^\/(?:BOOT-INF|WEB-INF)\/lib\/([^/]+)\.jar$/;

const pomFile = /^\/META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/;

/**
 * By the coordinates that Maven writes into an archive, of one that an application's archive holds among its libraries. The
 * application must say what its own group is, and modules of that group are its author's. An archive that lies on a disk, and one
 * into which several were merged, have no owner.
 */
export function createJava(root: Root): Finder {
  const own = ownGroups(root);
  const found = new Map<string, Ownership>();
  for (const { entry, inside } of own.length === 0 ? [] : root.containers) {
    const [, file] = librariesOfArchive.exec(entry.path) ?? [];
    const [contained, ...others] = inside;
    if (file === undefined || contained === undefined || others.length > 0) continue;
    const module = moduleIn(contained);
    if (module === null || own.some((group) => areRelated(group, module.group))) continue;
    if (file !== module.artifact && !file.startsWith(`${module.artifact}-${module.version}`))
      continue;
    found.set(entry.path, ownershipOf(module, entry.path));
  }
  return ({ path }) => {
    const ownership = found.get(path);
    return ownership === undefined ? null : { ownership, vouched: 'name' };
  };
}

interface Module {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** null: it says nothing, or it is made of several. */
function moduleIn({ catalogs }: Contained): Module | null {
  const texts = catalogs.flatMap((catalog) => [...catalog.texts]);
  const [pom, ...more] = texts.filter(([path]) => pomFile.test(path));
  return pom === undefined || more.length > 0 ? null : readPom(pom[1]);
}

function readPom(text: Buffer): Module | null {
  const value = (key: string) => memberOf(text, key, '=');
  const [group, artifact, version] = [value('groupId'), value('artifactId'), value('version')];
  return group === '' || artifact === '' || version === '' ? null : { group, artifact, version };
}

function memberOf(text: Buffer, key: string, separator: string): string {
  for (const line of linesOf(text)) {
    const at = line.indexOf(separator);
    if (at > 0 && line.slice(0, at).trim() === key) return line.slice(at + 1).trim();
  }
  return '';
}

/** Of the application: what Maven wrote into it, and the package of the class that it starts. */
function ownGroups(root: Root): readonly string[] {
  const manifest = root.text('/META-INF/MANIFEST.MF');
  if (manifest === undefined) return [];
  const poms = [...root.textPaths()].filter((path) => pomFile.test(path));
  const ofPoms = poms.flatMap((path) => readPom(root.text(path) ?? Buffer.alloc(0))?.group ?? []);
  const started = memberOf(manifest, 'Start-Class', ':') || memberOf(manifest, 'Main-Class', ':');
  const isLauncher = started.startsWith('org.springframework.boot.');
  const ofClass = started.includes('.') && !isLauncher ? [started.replace(/\.[^.]*$/, '')] : [];
  return [...ofPoms, ...ofClass];
}

/** `com.acme.app` and `com.acme.native`: the owner of the first two words owns the rest. */
function areRelated(one: string, other: string): boolean {
  const owner = (group: string) => group.split('.').slice(0, 2).join('.');
  return owner(one) === owner(other);
}

function ownershipOf({ group, artifact, version }: Module, path: string): Ownership {
  const name = `${group}:${artifact}`;
  const purl = purlOf('maven', `${group}/${artifact}`, version);
  return {
    whose: 'dependency',
    component: { ecosystem: 'maven', name, version, purl, group: name },
    because: `${path} is the library ${name} ${version} of the archive around it`,
  };
}
