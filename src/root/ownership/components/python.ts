import { posix } from 'node:path';
import { membersOf } from '../../../base/json-members.ts';
import { pythonName } from '../../../base/python-name.ts';
import type { Root } from '../../../layers/root.ts';
import type { WantsPath } from '../../packages/package.ts';
import { linesOf } from '../../packages/stanzas.ts';
import type { Component, Ownership } from '../ownership.ts';
import { type Finder, findListed, type Listed, purlOf, readJson, textOf } from './finder.ts';

/**
 * By RECORD, which pip and its like write of what they install (packaging.python.org, "Recording installed projects"), with
 * digests. A wheel that was only unpacked has no INSTALLER, and what lies next to the listed files has no owner.
 */
export function createPython(root: Root, wants: WantsPath): Finder {
  const recorded = new Map<string, Listed>();
  for (const path of root.textPaths()) {
    const [, folder, info, name, version] =
      /^(.*)\/(([^/]+?)-([^/-]+)\.dist-info)\/RECORD$/.exec(path) ?? [];
    if (folder === undefined || name === undefined || version === undefined) continue;
    const text = root.text(path);
    const isInstalled = root.resolve(`${folder}/${info}/INSTALLER`)?.type === 'file';
    if (text === undefined || !isInstalled) continue;
    const ownership = ownershipOf(root, `${folder}/${info}`, name.toLowerCase(), version);
    for (const [file, sha256] of filesOf(text, folder))
      if (wants(file)) recorded.set(file, { ownership, sha256 });
  }
  return findListed(recorded);
}

function ownershipOf(root: Root, info: string, name: string, version: string): Ownership {
  const normal = pythonName(name);
  const mayBeOwn = whyMaybeOwn(root, info);
  const component: Component = {
    ecosystem: 'pypi',
    name: normal,
    version,
    purl: purlOf('pypi', normal, version),
    group: normal,
    ...(mayBeOwn === null ? {} : { mayBeOwn }),
  };
  const own = whyOwn(root, info);
  if (own !== null) return { whose: 'yours', component, because: own };
  const because = `the RECORD of ${normal} ${version} lists it`;
  return { whose: 'dependency', component, because };
}

/**
 * PEP 610: what was installed of a folder is its author's own. A wheel in a file may still come from an index
 * (`pip wheel`, then `pip install *.whl`); indexes take no other Linux wheels than those that are built to run everywhere.
 */
function whyOwn(root: Root, info: string): string | null {
  const origin = readJson(root.text(`${info}/direct_url.json`));
  if (!/^file:/.test(textOf(origin?.['url']))) return null;
  const isFolder = membersOf(origin?.['dir_info']) !== null;
  if (!isFolder && isPortable(tagsOf(root, info))) return null;
  return `direct_url.json says that it was installed of ${textOf(origin?.['url']).slice(0, 100)}`;
}

/** pip does not record which index a wheel is from. */
function whyMaybeOwn(root: Root, info: string): string | null {
  const tags = tagsOf(root, info);
  if (isPortable(tags) || !/^Tag: .*-linux_/m.test(tags)) return null;
  return 'its wheel was built for one system, and pypi.org takes none of that kind';
}

function tagsOf(root: Root, info: string): string {
  return root.text(`${info}/WHEEL`)?.toString('latin1', 0, 4096) ?? '';
}

function isPortable(tags: string): boolean {
  return /^Tag: .*-(?:many|musl)linux/m.test(tags);
}

/** Lines `path,sha256=BASE64URL,size`; a path in quotes where it has a comma (csv). */
function* filesOf(text: Buffer, folder: string): Iterable<readonly [string, string | null]> {
  const prefix = prefixOf(folder);
  for (const line of linesOf(text)) {
    const [, quoted, plain, digest] = /^(?:"((?:[^"]|"")*)"|([^,"]*)),([^,]*),/.exec(line) ?? [];
    const name = quoted?.replaceAll('""', '"') ?? plain;
    if (name === undefined || name === '') continue;
    const path = posix.join(folder, name);
    const isInside = path.startsWith(`${folder}/`) || prefix.some((each) => path.startsWith(each));
    if (name.startsWith('/') || !isInside) continue;
    yield [path, hexOf(digest ?? '')];
  }
}

/** Where pip puts programs and data of what lies in `folder`: into the environment that it belongs to, and nowhere else. */
function prefixOf(folder: string): readonly string[] {
  const [, prefix] =
    /^(.*)\/lib(?:64)?\/python\d[\w.]*\/(?:site|dist)-packages$/.exec(folder) ?? [];
  if (prefix === undefined) return [];
  return ['bin', 'lib', 'lib64', 'libexec', 'share'].map((name) => `${prefix}/${name}/`);
}

/** null: there is no digest. One of another kind agrees with nothing. */
function hexOf(digest: string): string | null {
  if (digest === '') return null;
  const [, base64] = /^sha256=([\w-]+={0,2})$/.exec(digest) ?? [];
  return base64 === undefined ? '' : Buffer.from(base64, 'base64url').toString('hex');
}
