import { type Members, membersOf } from '../../../base/json-members.ts';
import { oncePer } from '../../../base/once-per.ts';
import type { Root } from '../../../layers/root.ts';
import { type Finder, type Found, purlOf, readJson, textOf } from './finder.ts';

/** `/app/node_modules/@img/sharp-linux-x64`: the package's folder below the last `node_modules` of a path. */
const packageFolder = /^(.*\/node_modules)\/((?:@[^/]+\/)?[^/@.][^/]*)\//;

/**
 * By the package.json that lies where npm, pnpm and yarn put one, and by npm's list of what it installed where there is one
 * (node_modules/.package-lock.json). A folder that is only called so has no owner.
 */
export function createNpm(root: Root): Finder {
  const known = new Map<string, Found | null>();
  return ({ path }) => {
    const [, modules, name] = packageFolder.exec(path) ?? [];
    if (modules === undefined || name === undefined) return null;
    const folder = `${modules}/${name}`;
    const found = known.get(folder) ?? null;
    if (known.has(folder)) return found;
    const described = read(root, folder, name);
    known.set(folder, described);
    return described;
  };
}

function read(root: Root, folder: string, name: string): Found | null {
  const described = readJson(root.text(`${folder}/package.json`));
  if (described === null) return null;
  const listed = listedIn(root, folder);
  if (listed === 'not listed') return null;
  const version = textOf(described['version']);
  const own = textOf(described['name']);
  // An alias is installed under a name of its own, which is in the list.
  const isNamed = own === name || (listed !== null && textOf(listed['name']) === own);
  if (!isNamed || !/^\d+\.\d+\.\d+/.test(version)) return null;
  const resolved = textOf(listed?.['resolved']);
  if (isOwn(folder, listed, resolved) || (described['private'] === true && resolved === ''))
    return null;
  const purl = purlOf('npm', own, version);
  const because =
    listed === null
      ? `${folder}/package.json is that of ${own} ${version}`
      : `npm's list has it as ${own} ${version}${resolved === '' ? '' : ` of ${sourceOf(resolved)}`}`;
  const mayBeOwn = whyMaybeOwn(resolved);
  const component = {
    ecosystem: 'npm',
    name: own,
    version,
    purl,
    group: own,
    ...(mayBeOwn === null ? {} : { mayBeOwn }),
    ...(canBuild(root, folder, described) ? {} : { isPrebuilt: true as const }),
  } as const;
  return {
    ownership: { whose: 'dependency', component, because },
    vouched: listed === null ? 'name' : 'list',
  };
}

/** `npm rebuild` runs the scripts of an installation, or node-gyp where binding.gyp is: else it does nothing, and says success. */
function canBuild(root: Root, folder: string, described: Members): boolean {
  const scripts = membersOf(described['scripts']) ?? {};
  const runs = ['preinstall', 'install', 'postinstall'].some(
    (name) => textOf(scripts[name]) !== '',
  );
  return runs || root.resolve(`${folder}/binding.gyp`)?.type === 'file';
}

/** A folder of one's own that was linked or copied there. */
function isOwn(folder: string, listed: Members | null, resolved: string): boolean {
  const isLocal = listed?.['link'] === true || /^(?:file|link|portal):/.test(resolved);
  // pnpm names the folder of a package by where it came from.
  return isLocal || /\/\.pnpm\/(?:[^/]*@)?(?:file|link)[+:][^/]*\//.test(folder);
}

/** A private registry has modules of its owner, and often copies of public ones. */
function whyMaybeOwn(resolved: string): string | null {
  const source = sourceOf(resolved);
  if (source === '' || publicRegistries.has(source)) return null;
  return `npm got it from ${source}, which is not a public registry`;
}

const publicRegistries: ReadonlySet<string> = new Set([
  'registry.npmjs.org',
  'registry.yarnpkg.com',
  'registry.npmmirror.com',
]);

/** Of a registry its host alone. */
function sourceOf(resolved: string): string {
  return /^https?:\/\/([^/@]+)\//.exec(resolved)?.[1] ?? resolved.slice(0, 100);
}

/** null: npm has no list there. */
function listedIn(root: Root, folder: string): Members | 'not listed' | null {
  const at = folder.indexOf('/node_modules/');
  const text = root.text(`${folder.slice(0, at)}/node_modules/.package-lock.json`);
  if (text === undefined) return null;
  const packages = membersOf(lockOf(text)?.['packages']);
  return membersOf(packages?.[folder.slice(at + 1)]) ?? 'not listed';
}

/** Each is large, and every package of a project needs it. */
const lockOf = oncePer((text: Buffer) => readJson(text));
