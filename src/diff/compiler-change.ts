import { listed } from '../base/amount.ts';
import { factAt, type Subject } from '../policy/subject.ts';
import { binaryChange, type Places } from './binary-change.ts';
import type { VerdictChange } from './difference.ts';
import type { Pair } from './pair-binaries.ts';

/** The rule that knows compilers by their records: a change of compiler is listed with it, and weighs nothing. */
const rule = 'compiler-flags';

/** Files that another compiler made than before, as `.comment` names them. Another version of the same one is not listed. */
export function compilerChanges(pairs: readonly Pair[], places: Places): readonly VerdictChange[] {
  return pairs.flatMap((pair) => {
    const { old, new: fresh } = pair;
    if (old === null || fresh === null || old.judged.sha256 === fresh.judged.sha256) return [];
    const [was, is] = [namesOf(old), namesOf(fresh)];
    const [before, after] = [old, fresh].map(({ judged }) =>
      judged.verdicts.find((verdict) => verdict.rule === rule),
    );
    const isSame = was.join() === is.join();
    if (isSame || was.length === 0 || is.length === 0 || !before || !after) return [];
    return [
      {
        ...binaryChange(pair, places),
        rule,
        before: before.outcome,
        after: after.outcome,
        severity: 'note' as const,
        message: `made by ${listed(was)} before, now by ${listed(is)}`,
      },
    ];
  });
}

function namesOf({ judged }: Subject): readonly string[] {
  const compilers = factAt(judged, 'compilers');
  if (!Array.isArray(compilers)) return [];
  const names = compilers.map(({ name }: { readonly name: unknown }) => String(name));
  return [...new Set(names)].filter((name) => name !== 'other').toSorted();
}
