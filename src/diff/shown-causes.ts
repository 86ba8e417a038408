import { groupBy } from '../base/group-by.ts';
import { compareSeverity, isSeverity, worstSeverity } from '../base/verdict.ts';
import type { Cause, Difference, VerdictChange } from './difference.ts';

/** A cause with its entries, as formats print it. */
export interface ShownCause extends Cause {
  /** Whether one of its entries breaks the gate. */
  readonly breaks: boolean;
  /** Its entries of `worse`, in order. */
  readonly changes: readonly VerdictChange[];
}

/** What breaks the gate comes first, and of that the most severe. Each entry of `worse` is in one of them. */
export function shownCauses(
  difference: Difference,
  { breaking }: { readonly breaking: readonly number[] },
): readonly ShownCause[] {
  const breaks = new Set(breaking);
  const { worse, causes } = difference;
  const shown = [...causes, ...restOf(difference)].map((cause) => ({
    ...cause,
    breaks: cause.entries.some((at) => breaks.has(at)),
    changes: cause.entries.flatMap((at) => worse[at] ?? []),
  }));
  return shown.toSorted((a, b) => Number(b.breaks) - Number(a.breaks) || compareSeverity(a, b));
}

/** Entries that no cause is known of: those of one rule that turned in the same way. */
function restOf({ worse, causes }: Difference): readonly Cause[] {
  const known = new Set(causes.flatMap(({ entries }) => entries));
  const rest = [...worse.entries()].filter(([at]) => !known.has(at));
  const alike = groupBy(rest, ([, { rule, before, after, whose }]) =>
    JSON.stringify([rule, before, after, whose]),
  );
  return [...alike.values()].flatMap((entries) => {
    const [first] = entries;
    if (first === undefined) return [];
    const [, { rule, whose, message }] = first;
    const changes = entries.map(([, change]) => change);
    return {
      rule,
      flag: null,
      sentence: `${becameText(first[1])}: ${message}`,
      files: [...new Set(changes.map(({ path }) => path))].toSorted(),
      entries: entries.map(([at]) => at),
      whose,
      severity: worstSeverity(changes),
      remedy: null,
    };
  });
}

/** `was pass, is high`; of a new file `a new file fails it (high)`. */
export function becameText({ before, after }: VerdictChange): string {
  if (before !== null) return `was ${before}, is ${after ?? 'gone'}`;
  return isSeverity(after) ? `a new file fails it (${after})` : `${after} in a new file`;
}
