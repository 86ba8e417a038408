import { amount, listed } from '../base/amount.ts';
import { createLastingPaths, type LastingPaths } from '../identity/lasting-path.ts';
import { type Subject, whoseOf } from '../policy/subject.ts';
import { bare } from '../policy/unweighed.ts';
import { breaksAsWorse, type WorseConditions } from '../policy/worse.ts';
import { isBinary } from '../report/all-judged.ts';
import type { OtherProgram, TargetReport } from '../report/report.ts';
import { isLinked, kindOf } from './kind-of.ts';
import type { Pair } from './pair-binaries.ts';

export type ReplacedBy = (old: Subject) => OtherProgram['is'] | null;

/**
 * What stands in the place of a file that is gone and is not an ELF file: by its path, also without versions, or a static library
 * that was not there and has the name of a library. `newOf`: the target that an old one became.
 */
export function createReplacedBy(
  newOf: (old: TargetReport) => TargetReport | undefined,
): ReplacedBy {
  const pathsOf = createLastingPaths();
  const byTarget = new Map<TargetReport, ReadonlyMap<string, OtherProgram['is']>>();
  return ({ target, judged }) => {
    const fresh = newOf(target);
    if (fresh === undefined || !isBinary(judged)) return null;
    const known = byTarget.get(fresh) ?? othersIn(target, fresh, pathsOf);
    byTarget.set(fresh, known);
    const { key, file } = pathsOf(judged.path);
    return known.get(key) ?? (/\.so/.test(file) ? known.get(staticKey(file)) : undefined) ?? null;
  };
}

function othersIn(
  old: TargetReport,
  fresh: TargetReport,
  pathsOf: LastingPaths,
): ReadonlyMap<string, OtherProgram['is']> {
  const before = new Set((old.otherPrograms ?? []).map(({ path }) => pathsOf(path).key));
  return new Map(
    (fresh.otherPrograms ?? []).flatMap(({ path, is }) => {
      const { key, file } = pathsOf(path);
      const isNew = is === 'static library' && !before.has(key);
      return [[key, is] as const, ...(isNew ? [[staticKey(file), is] as const] : [])];
    }),
  );
}

/** `libz` of `libz.so`, `libz.so.1` and `libz.a`, in any folder. */
function staticKey(file: string): string {
  return `static ${file.replace(/\.(?:so.*|a)$/, '')}`;
}

/**
 * Sentences: programs and libraries of yours that passed what counts, and in whose place something else lies. What it runs, or is, is
 * not judged, so nobody knows whether anything was lost. A new file of the same kind is asked as the one that is gone: that is a wrapper.
 */
export function replacedLosses(
  pairs: readonly Pair[],
  {
    newOf,
    conditionsOf,
  }: {
    readonly newOf: (old: TargetReport) => TargetReport | undefined;
    readonly conditionsOf: (fresh: TargetReport) => WorseConditions;
  },
): readonly string[] {
  const replacedBy = createReplacedBy(newOf);
  const added = new Map<TargetReport, Set<string>>();
  for (const { old, new: fresh } of pairs) {
    if (old !== null || fresh === null || whoseOf(fresh) === 'distribution') continue;
    const kinds = added.get(fresh.target) ?? new Set();
    added.set(fresh.target, kinds.add(kindOf(fresh)));
  }
  const sentences = pairs.flatMap(({ old, new: fresh }) => {
    if (old === null || fresh !== null || whoseOf(old) !== 'yours' || !isLinked(old)) return [];
    const [target, is] = [newOf(old.target), replacedBy(old)];
    if (target === undefined || is === null || added.get(target)?.has(kindOf(old))) return [];
    if (!isProtected(old, conditionsOf(target))) return [];
    const was = kindOf(old) === 'library' ? 'a library' : 'a program';
    const remedy =
      is === 'static library'
        ? 'compare the objects in it by themselves'
        : 'if it starts another file, compare that with the old one by itself';
    return [
      `${old.judged.path} was ${was} and is ${articled(is)} now, which is not judged: ${remedy}`,
    ];
  });
  const more = sentences.length - mostSentences;
  return more <= 0
    ? sentences
    : [
        ...sentences.slice(0, mostSentences),
        `in the place of ${amount(more, 'more program or library', 'more programs or libraries')} lies what is not judged`,
      ];
}

const mostSentences = 3;

/** Sentences: static libraries of folders are not judged on either side, so that a loss in them is not seen. */
export function unjudgedLibraries(fresh: readonly TargetReport[]): readonly string[] {
  return fresh
    .filter(({ takenFor }) => takenFor === 'folder')
    .flatMap(({ name, otherPrograms = [] }) => {
      const paths = otherPrograms
        .filter(({ is }) => is === 'static library')
        .map(({ path }) => path);
      const are = paths.length === 1 ? 'is' : 'are';
      return paths.length === 0
        ? []
        : [
            `${amount(paths.length, 'static library')} of ${name} ${are} not judged (${listed(paths)}): compare each by itself`,
          ];
    });
}

/** It passed a rule whose loss would count. */
function isProtected(old: Subject, conditions: WorseConditions): boolean {
  return old.judged.verdicts.map(bare).some(
    ({ rule, outcome, severity }) =>
      outcome === 'pass' &&
      breaksAsWorse(conditions, {
        rule,
        before: 'pass',
        after: 'unknown',
        severity,
        whose: 'yours',
      }),
  );
}

export function articled(is: OtherProgram['is']): string {
  if (is === 'other file') return 'another file';
  return is === 'script' || is === 'static library' ? `a ${is}` : `an ${is}`;
}
