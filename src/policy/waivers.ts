import { amount } from '../base/amount.ts';
import type { JudgedVerdict } from '../report/report.ts';
import type { Waiver } from './policy.ts';
import { compileSelector, type Matches, whyNothing } from './select.ts';
import type { Subject } from './subject.ts';

export interface Waivers {
  /** Whether a waiver in force accepts the verdict, or would if it were a failure. */
  accepts(verdict: JudgedVerdict, subject: Subject): boolean;
  /** Marks a failure that a waiver in force accepts. */
  apply(verdict: JudgedVerdict, subject: Subject): JudgedVerdict;
  /** After all verdicts: which waivers have expired, end soon, or matched nothing. */
  notices(): readonly string[];
}

/** Days before its end on which a waiver is announced to expire: time to fix what it hides. */
const announced = 14;

export function createWaivers(waivers: readonly Waiver[], today: string): Waivers {
  const entries: readonly Entry[] = waivers.map((waiver) => ({
    waiver,
    matches: compileSelector(waiver.where),
    inForce: waiver.expires === null || waiver.expires >= today,
    matched: 0,
    otherCauses: new Set(),
  }));
  const find = (verdict: JudgedVerdict, subject: Subject) => {
    const matching = entries.filter(
      (entry) =>
        entry.waiver.rule === verdict.rule && entry.matches(subject) && isNamed(verdict, entry),
    );
    for (const entry of matching) entry.matched += 1;
    return matching.find(({ inForce }) => inForce);
  };
  return {
    accepts: (verdict, subject) => find(verdict, subject) !== undefined,
    apply(verdict, subject) {
      if (verdict.outcome !== 'fail') return verdict;
      const found = find(verdict, subject);
      if (found === undefined) return verdict;
      const { reason, expires } = found.waiver;
      return { ...verdict, waived: { reason, expires } };
    },
    notices: () => entries.flatMap((entry) => noticeOf(entry, today)),
  };
}

/** Who accepts that an image does not start for one cause has not accepted the next one. */
function isNamed({ cause }: JudgedVerdict, { waiver: { causes }, otherCauses }: Entry): boolean {
  if (cause === undefined || causes.includes(cause)) return true;
  otherCauses.add(cause);
  return false;
}

interface Entry {
  readonly waiver: Waiver;
  readonly matches: Matches;
  readonly inForce: boolean;
  matched: number;
  /** Of failures that it would match if it named them. */
  readonly otherCauses: Set<string>;
}

function noticeOf(
  { waiver, inForce, matched, otherCauses }: Entry,
  today: string,
): readonly string[] {
  const name = `the waiver of ${waiver.rule} at ${waiver.origin}`;
  if (!inForce) {
    const found =
      matched === 0
        ? 'it would match nothing'
        : `${amount(matched, 'finding')} ${matched === 1 ? 'counts' : 'count'} again`;
    return [`${name} expired on ${waiver.expires}: ${found}`];
  }
  if (matched === 0 && otherCauses.size > 0) return [`${name} ${causesText(waiver, otherCauses)}`];
  if (matched === 0) return [`${name} matches no finding: ${whyNothing(waiver.where)}`];
  if (waiver.expires === null || daysBetween(today, waiver.expires) > announced) return [];
  return [`${name} expires after ${waiver.expires}: it hides ${amount(matched, 'finding')}`];
}

function causesText({ causes }: Waiver, others: ReadonlySet<string>): string {
  const named = causes.length === 0 ? 'names no cause' : `is for ${causes.join(', ')}`;
  return `${named} and accepts nothing here: the cause is ${[...others].toSorted().join('; ')}`;
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}
