import { oncePer } from '../base/once-per.ts';
import { identified } from '../identity/identified.ts';
import { createLastingPaths } from '../identity/lasting-path.ts';
import { matchBinaries } from '../identity/match-binaries.ts';
import type { Unclear } from '../identity/matches.ts';
import { type Subject, subjectsOf } from '../policy/subject.ts';
import { isBinary } from '../report/all-judged.ts';
import type { Report, TargetReport } from '../report/report.ts';
import { pairTargets } from './pair-targets.ts';

/** A binary on both sides, or on one; or the image as a whole. */
export interface Pair {
  readonly old: Subject | null;
  readonly new: Subject | null;
}

export interface Pairs {
  readonly pairs: readonly Pair[];
  /** Sentences: what could not be paired although it may be one file. */
  readonly unclear: readonly string[];
}

/** Binaries by their identity, within targets that are pairs as a whole. Several parts of one comparison ask it of the same reports. */
export function pairBinaries(before: Report, after: Report): Pairs {
  return pairsFrom(before)(after);
}

const pairsFrom = oncePer((before: Report) => oncePer((after: Report) => pairAll(before, after)));

function pairAll(before: Report, after: Report): Pairs {
  const paired = pairTargets(before.targets, after.targets).map((pair) =>
    pairWithin(pair.old, pair.new),
  );
  return {
    pairs: paired.flatMap(({ pairs }) => pairs),
    unclear: mostOf(paired.flatMap(({ unclear }) => unclear)),
  };
}

function pairWithin(before: TargetReport | undefined, after: TargetReport | undefined): Pairs {
  const [old, fresh] = [before, after].map((target) => {
    const subjects = target === undefined ? [] : subjectsOf(target);
    return {
      image: subjects.find(({ judged }) => !isBinary(judged)) ?? null,
      binaries: subjects.filter(({ judged }) => isBinary(judged)),
    };
  });
  if (old === undefined || fresh === undefined) throw new Error('a pair has two sides');
  const named = namedByUser([before, after], [old.binaries, fresh.binaries]);
  if (named !== null) return { pairs: named, unclear: [] };
  const [olds, freshs] = [old, fresh].map(({ binaries }) =>
    binaries.map(({ judged }) => identified(judged)),
  );
  const { matches, unclear } = matchBinaries(olds ?? [], freshs ?? []);
  const pairs = matches.map((match) => ({
    old: match.old === null ? null : (old.binaries[match.old] ?? null),
    new: match.fresh === null ? null : (fresh.binaries[match.fresh] ?? null),
  }));
  const hasImage = old.image !== null || fresh.image !== null;
  return {
    pairs: hasImage ? [{ old: old.image, new: fresh.image }, ...pairs] : pairs,
    unclear: unclear.map(sentenceOf),
  };
}

type Sides<T> = readonly [T, T];

/**
 * A file that the user named by itself is compared with the file by itself on the other side, whatever the two are called; of a folder
 * or an image, with the only one, or the only one of its name. null: no side is such a file, or it is not clear.
 */
function namedByUser(
  [before, after]: Sides<TargetReport | undefined>,
  [olds, freshs]: Sides<readonly Subject[]>,
): readonly Pair[] | null {
  const [old] = isFileByItself(before) ? olds : [];
  const [fresh] = isFileByItself(after) ? freshs : [];
  if (old !== undefined) {
    const other = onlyLike(old, freshs);
    return other === null ? null : pairOut(old, other, { olds, freshs });
  }
  const other = fresh === undefined ? null : onlyLike(fresh, olds);
  return fresh === undefined || other === null ? null : pairOut(other, fresh, { olds, freshs });
}

function isFileByItself(target: TargetReport | undefined): boolean {
  return target?.kind === 'file' && target.binaries.length === 1;
}

function onlyLike({ judged }: Subject, others: readonly Subject[]): Subject | null {
  const [only = null, ...more] = others;
  if (more.length === 0) return only;
  const nameOf = createLastingPaths();
  const like = others.filter(
    (other) => nameOf(other.judged.path).file === nameOf(judged.path).file,
  );
  return like.length === 1 ? (like[0] ?? null) : null;
}

function pairOut(
  old: Subject,
  fresh: Subject,
  { olds, freshs }: { readonly olds: readonly Subject[]; readonly freshs: readonly Subject[] },
): readonly Pair[] {
  return [
    { old, new: fresh },
    ...olds.filter((each) => each !== old).map((each) => ({ old: each, new: null })),
    ...freshs.filter((each) => each !== fresh).map((each) => ({ old: null, new: each })),
  ];
}

/** More than a few are not read. */
const mostNotices = 5;

function mostOf(sentences: readonly string[]): readonly string[] {
  if (sentences.length <= mostNotices) return sentences;
  const more = sentences.length - mostNotices;
  return [
    ...sentences.slice(0, mostNotices),
    `as many could be meant in ${more} more cases, which are listed as removed and added`,
  ];
}

function sentenceOf({ name, old, fresh }: Unclear): string {
  return `${name}: ${old.length} old and ${fresh.length} new files may be the same in more than one way, so they are listed as removed and added`;
}
