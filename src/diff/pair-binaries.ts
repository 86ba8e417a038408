import { packageOf, type Subject, subjectsOf } from '../policy/subject.ts';
import { isBinary } from '../report/all-judged.ts';
import type { Report, TargetReport } from '../report/report.ts';

/** A binary on both sides, or on one; or the image as a whole. */
export interface Pair {
  readonly old: Subject | null;
  readonly new: Subject | null;
}

/**
 * Pairs binaries by what lasts longest: path, another name of the same file, place in its package with numbers left out (an
 * update renames `libz.so.1.3` to `libz.so.1.4`), content. Within targets of the same platform, which are pairs as a whole.
 */
export function pairBinaries(before: Report, after: Report): readonly Pair[] {
  const pairs: Pair[] = [];
  const left = [...before.targets];
  for (const target of after.targets) {
    const index = left.findIndex(({ platform }) => platform === target.platform);
    const alone = before.targets.length === 1 && after.targets.length === 1 ? 0 : -1;
    const [old] = index >= 0 ? left.splice(index, 1) : alone === 0 ? left.splice(0, 1) : [];
    pairs.push(...pairTargets(old, target));
  }
  return [...pairs, ...left.flatMap((target) => pairTargets(target, undefined))];
}

function pairTargets(
  before: TargetReport | undefined,
  after: TargetReport | undefined,
): readonly Pair[] {
  const old = new Set(before === undefined ? [] : subjectsOf(before));
  const fresh = new Set(after === undefined ? [] : subjectsOf(after));
  const pairs: Pair[] = [];
  for (const namesOf of [wholeOf, pathOf, allNames, placeInPackage, contentOf]) {
    const byName = new Map(
      [...old].flatMap((subject) => namesOf(subject).map((name) => [name, subject])),
    );
    for (const subject of fresh) {
      const match = namesOf(subject)
        .map((name) => byName.get(name))
        .find((candidate) => candidate !== undefined && old.has(candidate));
      if (match === undefined) continue;
      old.delete(match);
      fresh.delete(subject);
      pairs.push({ old: match, new: subject });
    }
  }
  return [
    ...pairs,
    ...[...old].map((subject) => ({ old: subject, new: null })),
    ...[...fresh].map((subject) => ({ old: null, new: subject })),
  ];
}

function wholeOf({ judged }: Subject): readonly string[] {
  return isBinary(judged) ? [] : ['image'];
}

function pathOf({ judged }: Subject): readonly string[] {
  return isBinary(judged) ? [judged.path] : [];
}

function allNames({ judged }: Subject): readonly string[] {
  return isBinary(judged) ? [judged.path, ...judged.aliases] : [];
}

function placeInPackage(subject: Subject): readonly string[] {
  const name = packageOf(subject);
  return name === null ? [] : [`${name}\0${subject.judged.path.replace(/\d+/g, '')}`];
}

function contentOf({ judged: { sha256 } }: Subject): readonly string[] {
  return sha256 === null ? [] : [sha256];
}
