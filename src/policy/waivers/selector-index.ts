import { groupBy } from '../../base/group-by.ts';
import { oncePer } from '../../base/once-per.ts';
import { pythonName } from '../../base/python-name.ts';
import type { Judged, TargetReport } from '../../report/report.ts';
import { compileImages } from '../image-name.ts';
import type { Selector } from '../policy.ts';
import { compileSelector, type Matches, normalDigest } from '../select.ts';
import { componentOf, packageOf, type Subject } from '../subject.ts';

export interface Indexed<T> {
  readonly item: T;
  /** In the order in which they were given. */
  readonly place: number;
}

/** Finds those of many items whose selector matches, without asking each of them. */
export interface SelectorIndex<T> {
  /** Those of one group, in the order in which they were given. */
  matching(subject: Subject, group: string): readonly Indexed<T>[];
}

/**
 * A selector that names paths, digests or packages can match only what has such a name, so it is kept under words that all that it
 * matches has too: a path, a file name, the folders that a path begins with. What has no such word is asked every time. Of an
 * image that a selector does not name nothing is asked. Which items share a word with a file is found once for all groups.
 */
export function indexSelectors<T>(
  items: readonly T[],
  { whereOf, groupOf }: Selecting<T>,
): SelectorIndex<T> {
  const byWord = new Map<string, Entry<T>[]>();
  const others: Entry<T>[] = [];
  for (const [place, item] of items.entries()) {
    const where = whereOf(item);
    const entry = { item, place, group: groupOf(item), ...whenAsked(where) };
    const words = wordsOfSelector(where);
    if (words === null) others.push(entry);
    else for (const word of new Set(words)) append(byWord, word, entry);
  }
  // Thousands name a few images.
  const byImage = [...groupBy(others, ({ images }) => images).values()];
  const othersOf = oncePer((target: TargetReport) => {
    const found = byImage.filter(([first]) => first?.isOfImage(target)).flat();
    return groupBy(found.toSorted(byPlace), ({ group }) => group);
  });
  const known = new WeakMap<Judged, ReadonlyMap<string, readonly Entry<T>[]>>();
  const namedOf = (subject: Subject) => {
    if (byWord.size === 0) return noneNamed;
    const found = known.get(subject.judged) ?? withWords(byWord, subject);
    known.set(subject.judged, found);
    return found;
  };
  return {
    matching(subject, group) {
      const found = (othersOf(subject.target).get(group) ?? []).filter(({ matches }) =>
        matches(subject),
      );
      const named = (namedOf(subject).get(group) ?? []).filter(
        ({ isOfImage, matches }) => isOfImage(subject.target) && matches(subject),
      );
      if (named.length === 0) return found;
      if (found.length + named.length === 1) return named;
      return [...found, ...named].sort(byPlace);
    },
  };
}

const noneNamed: ReadonlyMap<string, readonly never[]> = new Map();

function byPlace(a: Indexed<unknown>, b: Indexed<unknown>): number {
  return a.place - b.place;
}

interface Selecting<T> {
  readonly whereOf: (item: T) => Selector;
  readonly groupOf: (item: T) => string;
}

interface Entry<T> extends Indexed<T> {
  readonly group: string;
  /** The globs of its images, as JSON. */
  readonly images: string;
  readonly isOfImage: (target: TargetReport) => boolean;
  readonly matches: Matches;
}

/** Most of many selectors are never asked. */
function whenAsked(where: Selector): Pick<Entry<unknown>, 'images' | 'isOfImage' | 'matches'> {
  const { image, ...rest } = where;
  let compiled: Matches | null = null;
  return {
    images: JSON.stringify(image ?? null),
    isOfImage: image === undefined ? () => true : compileImages(image),
    matches: (subject) => {
      compiled ??= compileSelector(rest);
      return compiled(subject);
    },
  };
}

/** Of thousands a few share a word with a file, so only these are asked. By group. */
function withWords<T>(
  byWord: ReadonlyMap<string, readonly Entry<T>[]>,
  subject: Subject,
): ReadonlyMap<string, readonly Entry<T>[]> {
  const found = new Set<Entry<T>>();
  for (const word of new Set(wordsOfSubject(subject)))
    for (const entry of byWord.get(word) ?? []) found.add(entry);
  return groupBy([...found], ({ group }) => group);
}

/** Null where something may match that has none of its words. */
function wordsOfSelector(where: Selector): readonly string[] | null {
  const { digest, path, package: packages } = where;
  if (digest !== undefined) return digest.map((text) => `sha256 ${normalDigest(text)}`);
  return allOf(path, wordOfPath) ?? allOf(packages, wordOfPackage);
}

function allOf(
  globs: readonly string[] | undefined,
  wordOf: (glob: string) => string | null,
): readonly string[] | null {
  if (globs === undefined) return null;
  const words = globs.map(wordOf);
  return words.every((word) => word !== null) ? words : null;
}

function wordOfPath(glob: string): string | null {
  const parts = glob.split('/');
  const last = parts.at(-1) ?? '';
  if (isLiteral(glob)) return parts.length > 1 ? `path ${glob}` : `file ${glob}`;
  // Braces may have slashes inside them.
  if (/[{\\]/.test(glob)) return null;
  if (isLiteral(last)) return `file ${last}`;
  const [beginning = ''] = /^[^*?[\]]*/.exec(last) ?? [];
  if (beginning.length >= shortest) {
    const folder = parts.slice(0, -1).join('/');
    const isWhole = glob.startsWith('/') && isLiteral(folder);
    return `begins ${isWhole ? `${folder}/` : ''}${beginning.slice(0, longest)}`;
  }
  const folders = parts.findIndex((part) => !isLiteral(part));
  if (parts[0] !== '' || folders < 2) return null;
  return `in ${parts.slice(1, Math.min(folders, deepest + 1)).join('/')}`;
}

/** Beginnings of a file name that are words of their own: their lengths. */
const shortest = 3;
const longest = 7;

/** Folders of a path that are words of their own. */
const deepest = 3;

function wordOfPackage(glob: string): string | null {
  return isLiteral(glob) ? `package ${normalName(glob)}` : null;
}

/** Equal for all names that any ecosystem takes for the same. */
function normalName(name: string): string {
  return pythonName(name.slice(name.lastIndexOf('/') + 1));
}

function isLiteral(glob: string): boolean {
  return !/[*?[\]{}\\]/.test(glob);
}

function* wordsOfSubject(subject: Subject): Generator<string> {
  const { path, aliases, sha256 } = subject.judged;
  if (sha256 !== null) yield `sha256 ${sha256}`;
  for (const name of [path, ...aliases]) {
    const parts = name.split('/');
    yield `path ${name}`;
    const file = parts.at(-1) ?? '';
    yield `file ${file}`;
    const folder = name.slice(0, name.length - file.length);
    for (let length = shortest; length <= Math.min(longest, file.length); length += 1) {
      yield `begins ${file.slice(0, length)}`;
      yield `begins ${folder}${file.slice(0, length)}`;
    }
    // All of it too: two stars stand for no folder as well.
    for (let end = 2; end <= Math.min(parts.length, deepest + 1); end += 1)
      yield `in ${parts.slice(1, end).join('/')}`;
  }
  for (const name of [packageOf(subject), componentOf(subject)])
    if (name !== null) yield `package ${normalName(name)}`;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
