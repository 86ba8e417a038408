import { posix } from 'node:path';
import { type Members, membersOf } from '../../../base/json-members.ts';
import type { Root } from '../../../layers/root.ts';
import type { WantsPath } from '../../packages/package.ts';
import type { Ownership } from '../ownership.ts';
import { type Finder, findListed, type Listed, purlOf, readJson, textOf } from './finder.ts';

/** By conda-meta/NAME-VERSION-BUILD.json, which conda and mamba write of what they install into an environment. */
export function createConda(root: Root, wants: WantsPath): Finder {
  const listed = new Map<string, Listed>();
  for (const path of root.textPaths()) {
    const [, environment] = /^(.*)\/conda-meta\/[^/]+\.json$/.exec(path) ?? [];
    const record = environment === undefined ? null : readJson(root.text(path));
    if (environment === undefined || record === null) continue;
    const ownership = ownershipOf(record);
    if (ownership === null) continue;
    for (const [name, sha256] of filesOf(record)) {
      const file = posix.join(environment, name);
      if (wants(file) && file.startsWith(`${environment}/`))
        listed.set(file, { ownership, sha256 });
    }
  }
  return findListed(listed);
}

function ownershipOf(record: Members): Ownership | null {
  const name = textOf(record['name']);
  const version = textOf(record['version']);
  if (name === '' || version === '') return null;
  const purl = purlOf('conda', name, version);
  const url = textOf(record['url']);
  const mayBeOwn = whyMaybeOwn(url);
  const component = {
    ecosystem: 'conda',
    name,
    version,
    purl,
    group: name,
    ...(mayBeOwn === null ? {} : { mayBeOwn }),
  } as const;
  if (url.startsWith('file:'))
    return { whose: 'yours', component, because: `conda installed it of ${url.slice(0, 100)}` };
  const because = `conda's record of ${name} ${version} lists it`;
  return { whose: 'dependency', component, because };
}

function whyMaybeOwn(url: string): string | null {
  const [, host] = /^https?:\/\/(?:[^/@]*@)?([^/:]+)/.exec(url) ?? [];
  if (host === undefined || publicChannels.has(host)) return null;
  return `conda got it from ${host}, which is not a public channel`;
}

const publicChannels: ReadonlySet<string> = new Set([
  'conda.anaconda.org',
  'repo.anaconda.com',
  'repo.prefix.dev',
]);

/** Conda writes its folder into some files: their digest afterwards is one of its own. */
function* filesOf(record: Members): Iterable<readonly [name: string, sha256: string | null]> {
  const paths = membersOf(record['paths_data'])?.['paths'];
  if (Array.isArray(paths)) {
    for (const each of paths) {
      const members = membersOf(each);
      const name = textOf(members?.['_path']);
      const digest = textOf(members?.['sha256_in_prefix']) || textOf(members?.['sha256']);
      const isRewritten = textOf(members?.['prefix_placeholder']) !== '';
      const isKnown =
        digest !== '' && !(isRewritten && members?.['sha256_in_prefix'] === undefined);
      if (name !== '') yield [name, isKnown ? digest : null];
    }
    return;
  }
  const files = record['files'];
  for (const name of Array.isArray(files) ? files : []) yield [textOf(name), null];
}
