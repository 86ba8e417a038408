import { groupBy } from '../base/group-by.ts';
import { type Subject, whoseOf } from '../policy/subject.ts';
import type { JudgedVerdict, TargetReport } from '../report/report.ts';
import { isNamed, kindOf } from './kind-of.ts';
import type { Pair } from './pair-binaries.ts';

/** What a new file is asked by: files of yours that the old release had, of which nothing says where they went. */
export interface GoneFiles {
  /** The first of them. */
  readonly path: string;
  readonly count: number;
  /** Whether one of them had a symbol table or debug information. */
  readonly hasNames: boolean;
  /** A verdict of the rule, where each of them passed it. */
  readonly passOf: (rule: string) => JudgedVerdict | undefined;
}

export type GoneFor = (fresh: Subject) => GoneFiles | null;

/**
 * A file that got another name cannot be found again, and would be asked less than under its old one. So a new file of the same kind
 * has to pass what all files of yours passed that are gone. A release that only adds files has none of these. What came with the
 * distribution took no place of yours.
 */
export function createGoneFor(
  pairs: readonly Pair[],
  oldOf: (target: TargetReport) => TargetReport | undefined,
): GoneFor {
  const gone = pairs.flatMap(({ old, new: fresh }) =>
    old !== null && fresh === null && whoseOf(old) === 'yours' ? [old] : [],
  );
  const byTarget = new Map(
    [...groupBy(gone, ({ target }) => target)].map(([target, some]) => {
      const kinds = [...groupBy(some, kindOf)];
      return [target, new Map(kinds.map(([kind, alike]) => [kind, goneFiles(alike)]))];
    }),
  );
  return (fresh) => {
    const target = oldOf(fresh.target);
    if (target === undefined || whoseOf(fresh) === 'distribution') return null;
    return byTarget.get(target)?.get(kindOf(fresh)) ?? null;
  };
}

function goneFiles(gone: readonly Subject[]): GoneFiles {
  const verdicts = new Map<string, JudgedVerdict>();
  const passes = new Map<string, number>();
  for (const { judged } of gone)
    for (const verdict of judged.verdicts) {
      if (verdict.outcome !== 'pass') continue;
      verdicts.set(verdict.rule, verdicts.get(verdict.rule) ?? verdict);
      passes.set(verdict.rule, (passes.get(verdict.rule) ?? 0) + 1);
    }
  const [first = ''] = gone.map(({ judged }) => judged.path).toSorted();
  return {
    path: first,
    count: gone.length,
    hasNames: gone.some(isNamed),
    passOf: (rule) => (passes.get(rule) === gone.length ? verdicts.get(rule) : undefined),
  };
}

/** `svc, which is gone, passed`; of several, how many there are. */
export function goneText({ path, count }: Pick<GoneFiles, 'path' | 'count'>): string {
  return count === 1
    ? `${path}, which is gone, passed`
    : `${path} and ${count - 1} more, which are gone, passed`;
}
