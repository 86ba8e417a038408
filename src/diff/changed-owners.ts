import { amount, listed } from '../base/amount.ts';
import { whoseOf } from '../policy/subject.ts';
import type { Pair } from './pair-binaries.ts';

const owners = { dependency: 'a dependency', distribution: 'the distribution' } as const;

/** Sentences: which files were yours in the old release and are others' by the word of the new one. They stay yours in the comparison. */
export function changedOwners(pairs: readonly Pair[]): readonly string[] {
  return (['dependency', 'distribution'] as const).flatMap((whose) => {
    const paths = pairs.flatMap(({ old, new: fresh }) =>
      old !== null && fresh !== null && whoseOf(old) === 'yours' && whoseOf(fresh) === whose
        ? [fresh.judged.path]
        : [],
    );
    if (paths.length === 0) return [];
    const were = paths.length === 1 ? 'was' : 'were';
    const them = paths.length === 1 ? 'it' : 'they';
    return [
      `${amount(paths.length, 'file')} that ${were} yours ${paths.length === 1 ? 'is' : 'are'} of ${owners[whose]} in the new one (${listed(paths.toSorted())}): what ${them} lost counts as yours`,
    ];
  });
}
