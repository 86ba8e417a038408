import { identified } from '../identity/identified.ts';
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

/** Binaries by their identity, within targets that are pairs as a whole. */
export function pairBinaries(before: Report, after: Report): Pairs {
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
  if (isFileByItself(before) && isFileByItself(after)) {
    const [[one = null], [other = null]] = [old.binaries, fresh.binaries];
    return { pairs: [{ old: one, new: other }], unclear: [] };
  }
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

/** One file is compared with one file, whatever the two are called: the user named them. */
function isFileByItself(target: TargetReport | undefined): boolean {
  return target?.kind === 'file' && target.binaries.length === 1;
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
