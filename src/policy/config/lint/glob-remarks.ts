import type { ConfigNode } from '../config-node.ts';
import { entriesOf, itemsOf, listsOf, memberOf, textOf } from './in-node.ts';
import { type Remark, warning } from './remark.ts';
import { isStandardFolder } from './standard-folders.ts';

/** Globs that can match nothing in any image, or everything. */
export function* globRemarks(node: ConfigNode): Generator<Remark> {
  for (const glob of itemsOf(memberOf(node, 'exclude'))) {
    yield* remarksOf(glob, pathProblem);
    if (isEverything(textOf(glob)))
      yield warning(
        glob.at,
        'everything',
        `${textOf(glob)} leaves out every file: nothing is judged`,
      );
  }
  for (const name of ['images', 'overrides', 'waivers'])
    for (const entry of entriesOf(node, name))
      for (const glob of itemsOf(memberOf(entry, 'image'))) yield* remarksOf(glob, imageProblem);
  for (const name of ['overrides', 'waivers', 'dependencies', 'yours']) {
    for (const entry of entriesOf(node, name)) {
      for (const glob of itemsOf(memberOf(entry, 'path'))) yield* remarksOf(glob, pathProblem);
      for (const glob of itemsOf(memberOf(entry, 'package'))) yield* remarksOf(glob, nameProblem);
      if (name === 'yours')
        yield* remarksOf(entry, textOf(entry)?.startsWith('/') ? pathProblem : pairProblem);
    }
  }
  for (const entry of listsOf(node)) {
    for (const glob of itemsOf(memberOf(entry, 'path'))) yield* remarksOf(glob, pathProblem);
    for (const glob of itemsOf(memberOf(entry, 'package'))) yield* remarksOf(glob, nameProblem);
  }
}

function* remarksOf(
  node: ConfigNode,
  problemOf: (glob: string) => string | null,
): Generator<Remark> {
  const glob = textOf(node);
  if (glob === null) return;
  const problem = anyProblem(glob) ?? problemOf(glob);
  if (problem !== null)
    yield warning(
      node.at,
      'matches-nothing',
      `${JSON.stringify(glob)} matches nothing: ${problem}`,
    );
  else if (glob.split('/').includes('.*'))
    yield warning(
      node.at,
      'hidden-names',
      `${JSON.stringify(glob)}: a part .* is names that begin with a dot. Did you mean * or **?`,
    );
}

function anyProblem(glob: string): string | null {
  if (glob !== glob.trim()) return 'it has a space at its beginning or end';
  if (/^![/*]/.test(glob)) return 'a glob has no negation';
  const range = rangeIn(glob);
  if (range !== null) return range;
  return looksRegular(glob)
    ? 'it looks like a regular expression. In a glob * is any text within a name, and ** any number of folders'
    : null;
}

/** A range of a shell. */
function rangeIn(glob: string): string | null {
  const [range, from, to] = /\{(\w+)\.\.(\w+)\}/.exec(glob) ?? [];
  if (range === undefined) return null;
  const [first, last] = [Number(from), Number(to)];
  const count = last - first + 1;
  if (!(count > 1 && count <= 9)) return `${range} is not a range in a glob: name each one, {a,b}`;
  const each = Array.from({ length: count }, (_, at) => first + at).join();
  return `${range} is not a range in a glob: write {${each}}`;
}

/** A glob takes these signs as they are, and no file is called so. */
function looksRegular(glob: string): boolean {
  return /^\^|\$$|\\[dwsDWS]|\|/.test(glob.replace(/\[[^\]]*\]/g, ''));
}

function pathProblem(glob: string): string | null {
  if (/^[A-Za-z]:[\\/]/.test(glob)) return 'paths in an image begin with a slash';
  if (!glob.includes('/')) return null;
  if (/^[~$]/.test(glob)) return 'nothing is put in for ~ and $: paths are written as in the image';
  const address = /^[a-z]+:\/\/(?=\/)/.exec(glob)?.[0];
  if (address !== undefined)
    return `paths have no ${address} in front. Did you mean ${glob.slice(address.length)}?`;
  const folder = glob.replace(/(?:\/\*\*)?\/+$/, '');
  if (!/^[/*{?[]/.test(glob))
    return `paths begin with a slash. Did you mean /${folder.replace(/^\.\//, '')}${folder === glob ? '' : '/**'}?`;
  if (glob !== folder) return `it ends with a slash. Did you mean ${folder}/**?`;
  if (isStandardFolder(glob))
    return `it is a folder, and a glob of paths is of files. Did you mean ${folder}/**?`;
  if (/\/\.{1,2}(?:\/|$)|\/\//.test(glob)) return 'paths have no empty part, . or .. in them';
  return null;
}

function nameProblem(glob: string): string | null {
  const [name, version] = glob.split('=');
  if (version !== undefined)
    return `names of packages have no = in them, and no version. Did you mean ${name}?`;
  if (!glob.startsWith('/')) return null;
  return 'it is a path, and package is about names. Did you mean path?';
}

/** A condition in quotes is a name. */
function pairProblem(glob: string): string | null {
  const [, member, rest] = /^(package|maintainer|purl|path|digest): +(.*)$/.exec(glob) ?? [];
  return member === undefined
    ? null
    : `it is one text. To name a condition, write {${member}: ${rest}}`;
}

function imageProblem(glob: string): string | null {
  if (glob.endsWith(':')) return `it ends with a colon. Did you mean ${glob.replace(/:+$/, '')}?`;
  const digest = /@sha256:([^@]*)$/.exec(glob)?.[1];
  if (digest !== undefined && !/[*?[{]/.test(digest) && !/^[0-9a-f]{64}$/.test(digest))
    return 'a digest is sha256: and 64 hexadecimal digits in lower case';
  // What stands between the first colon and a slash is the port of a registry.
  const [scheme] = /^[A-Za-z][\w+.-]*:(?:\/\/|(?=[a-z][^/*?[{]*\/))/.exec(glob) ?? [];
  if (scheme === undefined) return null;
  return `names of images have no ${scheme} in front. Did you mean ${glob.slice(scheme.length)}?`;
}

function isEverything(glob: string | null): boolean {
  return glob !== null && /^(?:\/?\*\*?|(?:\/\*\*)+(?:\/\*)?)$/.test(glob);
}
