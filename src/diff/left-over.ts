import { groupBy } from '../base/group-by.ts';
import { howReached } from '../policy/outside-gate.ts';
import { factAt, packageOf, type Subject, whoseOf } from '../policy/subject.ts';
import { bare } from '../policy/unweighed.ts';
import type { WorseConditions } from '../policy/worse.ts';
import { isLinked, kindOf } from './kind-of.ts';
import type { Pair } from './pair-binaries.ts';
import { createPasses, type Loss, lossesTo } from './passes.ts';

/** Of a file that only the new release has. */
export type LeftOver = (fresh: Subject) => readonly Loss[];

/**
 * Of files of yours that are gone, some passed a rule and some did not, and fewer new ones of their kind pass it than passed before: a new
 * one that does not may be one that did. Where as many pass as before, each may have become one of these. Where all passed that are gone,
 * a new one that does not is worse (gone-files.ts), except what a package of the distribution claims: such a file counts here.
 */
export function createLeftOver(
  olds: readonly Pair[],
  freshs: readonly Pair[],
  conditions: WorseConditions,
): LeftOver {
  const before = olds.flatMap(({ old }) => (old === null ? [] : [old]));
  const gone = olds.flatMap(({ old, new: fresh }) =>
    old !== null && fresh === null && whoseOf(old) === 'yours' && isLinked(old) ? [old] : [],
  );
  if (gone.length === 0) return () => [];
  const isDoubtful = createDoubtful(before, gone);
  const asked = freshs.flatMap(({ old, new: fresh }) =>
    old === null && fresh !== null && (whoseOf(fresh) !== 'distribution' || isDoubtful(fresh))
      ? [fresh]
      : [],
  );
  const goneByKind = groupBy(gone, kindOf);
  const newByKind = groupBy(asked, kindOf);
  const openByKind = new Map(
    [...goneByKind].map(([kind, some]) => [kind, openIn(some, newByKind.get(kind) ?? [])]),
  );
  const all = new Set(asked);
  return (fresh) => {
    const open = all.has(fresh) ? openByKind.get(kindOf(fresh)) : undefined;
    if (open === undefined) return [];
    const { passes, rules, rulesOfAll } = open;
    const isOther = whoseOf(fresh) === 'distribution';
    return lossesTo(passes, fresh, conditions).filter(
      ({ rule }) =>
        (rules.has(rule) || (isOther && rulesOfAll.has(rule))) && isLacking(fresh, rule),
    );
  };
}

/** Rules that fewer new files pass than files that are gone did. */
function openIn(gone: readonly Subject[], news: readonly Subject[]) {
  const [before, after] = [countPasses(gone), countPasses(news)];
  const [rules, rulesOfAll] = [new Set<string>(), new Set<string>()];
  for (const [rule, count] of before)
    if (count > (after.get(rule) ?? 0)) (count === gone.length ? rulesOfAll : rules).add(rule);
  return { passes: createPasses(...gone), rules, rulesOfAll };
}

function countPasses(files: readonly Subject[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { judged } of files)
    for (const { rule, outcome } of judged.verdicts.map(bare))
      if (outcome === 'pass') counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}

/** They may be different programs, so no figure is compared. */
function isLacking({ judged }: Subject, wanted: string): boolean {
  const verdict = judged.verdicts.find(({ rule }) => rule === wanted);
  const outcome = verdict === undefined ? undefined : bare(verdict).outcome;
  return outcome === 'fail' || outcome === 'unknown';
}

/**
 * A database of packages is part of the image, so that a new file in it need not be new: a package of the same version had no such file, or
 * it is started where a file of yours was.
 */
function createDoubtful(
  before: readonly Subject[],
  gone: readonly Subject[],
): (fresh: Subject) => boolean {
  const versions = new Set(before.flatMap((old) => versionOf(old) ?? []));
  const wasStarted = gone.some(isStarted);
  return (fresh) => {
    const version = versionOf(fresh);
    return (version !== null && versions.has(version)) || (wasStarted && isStarted(fresh));
  };
}

function versionOf(subject: Subject): string | null {
  const [name, version] = [packageOf(subject), factAt(subject.judged, 'package.version')];
  return name === null || typeof version !== 'string' ? null : `${name} ${version}`;
}

function isStarted({ judged }: Subject): boolean {
  const how = howReached(judged);
  return how !== null && how !== 'installed' && how !== 'unread' && how !== 'loaded';
}
