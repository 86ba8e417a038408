import { groupBy } from '../../base/group-by.ts';
import { oncePer } from '../../base/once-per.ts';
import type { Judged, TargetReport } from '../../report/report.ts';
import { compileImages } from '../image-name.ts';
import type { Selector } from '../policy.ts';
import { compileSelector, type Matches } from '../select.ts';
import type { Subject } from '../subject.ts';
import { createNameIndex, namesOfSelector } from './name-index.ts';

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
 * A selector that names paths, digests or packages is kept under these names, and asked about what has one of them. What names nothing
 * so is asked every time. Of an image that a selector does not name nothing is asked. Which items share a name with a file is found once
 * for all groups.
 */
export function indexSelectors<T>(
  items: readonly T[],
  { whereOf, groupOf }: Selecting<T>,
): SelectorIndex<T> {
  const byName = createNameIndex<Entry<T>>();
  const others: Entry<T>[] = [];
  const isOfImages = createImageTests();
  for (const [place, item] of items.entries()) {
    const where = whereOf(item);
    const { image, ...rest } = where;
    const isOfImage = isOfImages(image);
    const entry = { item, place, group: groupOf(item), isOfImage, matches: whenAsked(rest) };
    const names = namesOfSelector(where);
    if (names === null) others.push(entry);
    else byName.add(names, entry);
  }
  // Thousands name a few images.
  const byImage = [...groupBy(others, ({ isOfImage }) => isOfImage)];
  const othersOf = oncePer((target: TargetReport) => {
    const found = byImage.flatMap(([isOfImage, entries]) => (isOfImage(target) ? entries : []));
    return groupBy(found.toSorted(byPlace), ({ group }) => group);
  });
  const namedOf = oncePer((judged: Judged) =>
    groupBy(byName.found(judged).toSorted(byPlace), ({ group }) => group),
  );
  return {
    matching(subject, group) {
      const asked = othersOf(subject.target).get(group);
      const named = byName.isEmpty() ? undefined : namedOf(subject.judged).get(group);
      // Most verdicts are met by nothing.
      if (asked === undefined && named === undefined) return none;
      const found = asked?.filter(({ matches }) => matches(subject)) ?? none;
      const also =
        named?.filter(({ isOfImage, matches }) => isOfImage(subject.target) && matches(subject)) ??
        none;
      if (found.length === 0) return also;
      return also.length === 0 ? found : [...found, ...also].sort(byPlace);
    },
  };
}

const none: readonly never[] = [];

function byPlace(a: Indexed<unknown>, b: Indexed<unknown>): number {
  return a.place - b.place;
}

interface Selecting<T> {
  readonly whereOf: (item: T) => Selector;
  readonly groupOf: (item: T) => string;
}

type IsOfImage = (target: TargetReport) => boolean;

interface Entry<T> extends Indexed<T> {
  readonly group: string;
  readonly isOfImage: IsOfImage;
  readonly matches: Matches;
}

/** Most of many selectors are never asked. */
function whenAsked(where: Selector): Matches {
  let compiled: Matches | null = null;
  return (subject) => {
    compiled ??= compileSelector(where);
    return compiled(subject);
  };
}

/** One test for all that name the same images. Throws UsageError for a glob that makes no sense. */
function createImageTests(): (image: readonly string[] | undefined) => IsOfImage {
  const known = new Map<string, IsOfImage>();
  return (image) => {
    if (image === undefined) return isOfAny;
    const key = JSON.stringify(image);
    const test = known.get(key) ?? onceInARow(compileImages(image));
    known.set(key, test);
    return test;
  };
}

/** What is judged of a target comes one after another. */
function onceInARow(test: IsOfImage): IsOfImage {
  let last: TargetReport | null = null;
  let answer = false;
  return (target) => {
    if (target !== last) answer = test(target);
    last = target;
    return answer;
  };
}

function isOfAny(): boolean {
  return true;
}
