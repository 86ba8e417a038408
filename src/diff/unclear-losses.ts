import { listed } from '../base/amount.ts';
import { groupBy } from '../base/group-by.ts';
import { compareSeverity } from '../base/verdict.ts';
import { createLastingPaths } from '../identity/lasting-path.ts';
import { type Subject, whoseOf } from '../policy/subject.ts';
import type { WorseConditions } from '../policy/worse.ts';
import { isBinary } from '../report/all-judged.ts';
import type { TargetReport } from '../report/report.ts';
import { createLeftOver } from './left-over.ts';
import { likenessesOf } from './likenesses.ts';
import { createMovedLinks } from './moved-links.ts';
import type { Pair } from './pair-binaries.ts';
import { createPasses, isOutOfReach, type Loss, lossesTo, type Passes } from './passes.ts';

export interface UnclearContext {
  readonly oldOf: (fresh: TargetReport) => TargetReport | undefined;
  readonly conditionsOf: (fresh: TargetReport) => WorseConditions;
}

/**
 * Sentences: which files of the new release may be files of yours that the old one had, and lack what those passed. Nothing pairs them,
 * because there is more than one way or because they are not alike, so nobody knows whether it was lost.
 */
export function unclearLosses(
  pairs: readonly Pair[],
  { oldOf, conditionsOf }: UnclearContext,
): readonly string[] {
  const binaries = pairs.filter((pair) => {
    const subject = pair.new ?? pair.old;
    return subject !== null && isBinary(subject.judged);
  });
  const byOld = groupBy(binaries, (pair) => pair.old?.target);
  const byNew = groupBy(binaries, (pair) => pair.new?.target);
  return mostOf(
    [...byNew].flatMap(([target, some]) => {
      const olds = target === undefined ? undefined : byOld.get(oldOf(target));
      return target === undefined || olds === undefined
        ? []
        : lossesIn(olds, some, conditionsOf(target));
    }),
  );
}

function lossesIn(
  olds: readonly Pair[],
  freshs: readonly Pair[],
  conditions: WorseConditions,
): readonly string[] {
  const own = olds.filter(({ old }) => old !== null && whoseOf(old) === 'yours');
  const others = olds.filter(
    ({ old }) => old !== null && whoseOf(old) !== 'yours' && isWhollyAsked(old, conditions),
  );
  const candidatesOf = createCandidates(own, others);
  const leftOver = createLeftOver(olds, freshs, conditions);
  const movedLinks = createMovedLinks(own);
  return freshs.flatMap((pair) => {
    const { old, new: fresh } = pair;
    if (fresh === null) return [];
    const isOwn = old !== null && whoseOf(old) === 'yours';
    const replaced = isOwn ? replacedBy(old, fresh, conditions) : [];
    const likely = candidatesOf(pair, fresh).flatMap((passes) =>
      lossesTo(passes, fresh, conditions),
    );
    const losses = likely.length > 0 || old !== null ? likely : leftOver(fresh);
    return [
      ...replaced,
      ...movedLinks(pair, fresh, conditions),
      ...(losses.length === 0 ? [] : [sentenceOf(fresh, losses)]),
    ];
  });
}

/** Whether the gate is of all verdicts on files of its owner. */
function isWhollyAsked(subject: Subject, { of }: WorseConditions): boolean {
  return of === 'all' || (of === 'dependencies' && whoseOf(subject) === 'dependency');
}

/**
 * Old files that a new one may be: by a name that both have, which the comparison gave to another file, and by what is alike. Of packages of
 * others, whose files come and go with each version, by names alone.
 */
function createCandidates(own: readonly Pair[], others: readonly Pair[]) {
  const pathsOf = createLastingPaths();
  const byPath = new Map<string, Pair>();
  const byAlias = new Map<string, Pair>();
  const byLikeness = new Map<string, Passes>();
  for (const pair of own) {
    const { old, new: fresh } = pair;
    if (old === null) continue;
    byPath.set(old.judged.path, pair);
    for (const alias of old.judged.aliases) byAlias.set(alias, pair);
    if (fresh !== null) continue;
    for (const key of likenessesOf(old, pathsOf)) {
      const passes = byLikeness.get(key) ?? createPasses();
      byLikeness.set(key, passes);
      passes.add(old);
    }
  }
  const byName = new Map<string, Passes>();
  for (const { old, new: fresh } of others) {
    if (old === null || fresh !== null) continue;
    for (const key of namesIn(likenessesOf(old, pathsOf))) {
      const passes = byName.get(key) ?? createPasses();
      byName.set(key, passes);
      passes.add(old);
    }
  }
  return (pair: Pair, fresh: Subject): readonly Passes[] => {
    const { path, aliases } = fresh.judged;
    const isNew = pair.old === null;
    const named = [byAlias.get(path), ...aliases.map((alias) => byPath.get(alias))].flatMap(
      (each) => (each?.old && (isNew || each.new === null) ? [createPasses(each.old)] : []),
    );
    const alike = isNew ? likenessesOf(fresh, pathsOf) : [];
    return [
      ...named,
      ...alike.flatMap((key) => byLikeness.get(key) ?? []),
      ...namesIn(alike).flatMap((key) => byName.get(key) ?? []),
    ];
  };
}

function namesIn(keys: readonly string[]): readonly string[] {
  return keys.filter((key) => !key.startsWith('package '));
}

/** What took the place of a program or library and is none: rules of linked files are not asked of it. */
function replacedBy(old: Subject, fresh: Subject, conditions: WorseConditions): readonly string[] {
  if (!isOutOfReach(old, fresh)) return [];
  const losses = lossesTo(createPasses(old), fresh, conditions);
  return losses.length === 0 ? [] : [sentenceOf(fresh, losses)];
}

/** Names in a sentence. */
const mostNames = 2;
const mostRules = 4;

function sentenceOf({ judged }: Subject, losses: readonly Loss[]): string {
  const rules = [...new Set(losses.toSorted(compareSeverity).map(({ rule }) => rule))];
  const olds = [...new Set(losses.map(({ path }) => path))].toSorted();
  const others = olds.filter((path) => path !== judged.path);
  const what =
    others.length === 0
      ? `${judged.path} is of another kind than before`
      : `${judged.path} may be the old ${listed(others, mostNames)}`;
  return `${what} and does not show what passed there (${listed(rules, mostRules)}): build it with that, keep its name, or compare the two files by themselves`;
}

const mostSentences = 3;

function mostOf(sentences: readonly string[]): readonly string[] {
  const more = sentences.length - mostSentences;
  return more <= 0
    ? sentences
    : [...sentences.slice(0, mostSentences), `${more} more files may be old ones that passed more`];
}
