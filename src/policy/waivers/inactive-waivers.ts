import { compare } from '../../base/compare.ts';
import { groupBy } from '../../base/group-by.ts';
import type { InactiveAcceptance } from '../../report/report.ts';
import type { Waiver } from '../policy.ts';
import { membersOf } from '../selector-words.ts';
import type { IdleWaivers } from './idle-waivers.ts';
import { endingBefore } from './waiver-notices.ts';
import { isInForce, type Uses } from './waiver-uses.ts';

interface Row extends Pick<InactiveAcceptance, 'state' | 'because'> {
  readonly rule: string;
  readonly waiver: Waiver;
  readonly verdicts: number;
}

/**
 * A row for each waiver that does not count, and for the first ones in force that accept nothing: what first ends comes first. Rules
 * of a waiver that do so for different reasons have a row each.
 */
export function inactiveWaivers(
  uses: Uses,
  { first, resting }: IdleWaivers,
): readonly InactiveAcceptance[] {
  const ended = endingBefore(uses.all, uses.today)
    .filter(({ waiver }) => !isInForce(waiver, uses.today))
    .map((each): Row => {
      const { rule, waiver } = each;
      return { rule, waiver, verdicts: uses.met.get(each)?.open ?? 0, ...whyEnded(waiver) };
    });
  const idle = first.map(
    ({ because, each: { rule, waiver } }): Row => ({
      ...{ rule, waiver, verdicts: 0, state: 'unused', because },
    }),
  );
  const rested = resting.map(
    ({ state, because, each: { rule, waiver } }): Row => ({
      ...{ rule, waiver, verdicts: 0, state, because },
    }),
  );
  const all = [...ended, ...unacceptedIn(uses), ...idle, ...rested];
  return [...groupBy(all, ({ waiver }) => waiver).values()]
    .flatMap((rows) => [...groupBy(rows, ({ state, because }) => `${state} ${because}`).values()])
    .flatMap((group) => {
      const [one] = group;
      return one === undefined ? [] : [inactiveOf(one, group)];
    })
    .toSorted(byEnd);
}

/** Those in force that select something by a word that the policy does not accept. Some of them accept other verdicts. */
function unacceptedIn({ met, today }: Uses): readonly Row[] {
  return [...met]
    .filter(([{ waiver }, use]) => use.unaccepted > 0 && isInForce(waiver, today))
    .toSorted(([a], [b]) => a.id - b.id)
    .map(([{ rule, waiver }, use]) => {
      const because = [...use.doubts].toSorted().join('; ');
      return { rule, waiver, verdicts: use.unacceptedOpen, state: 'unaccepted', because };
    });
}

/** No row is in front of another one by the order of the policy. */
function byEnd(a: InactiveAcceptance, b: InactiveAcceptance): number {
  return (
    compare(a.expires ?? '~', b.expires ?? '~') ||
    compare(a.origin ?? '', b.origin ?? '') ||
    compare(a.rules.join(), b.rules.join()) ||
    compare(a.because, b.because) ||
    a.verdicts - b.verdicts ||
    compare(JSON.stringify(a), JSON.stringify(b))
  );
}

function whyEnded({ expires, refused }: Waiver): Pick<Row, 'state' | 'because'> {
  return refused === undefined
    ? { state: 'ended', because: `it ended on ${expires}` }
    : { state: 'refused', because: refused };
}

function selectedBy({ where, causes }: Waiver): NonNullable<InactiveAcceptance['where']> {
  return { ...membersOf(where), ...(causes.length === 0 ? {} : { cause: causes }) };
}

/** Of each rule where that is not said by the sum. */
function countsOf(group: readonly Row[]): Pick<InactiveAcceptance, 'verdicts' | 'verdictsByRule'> {
  const verdicts = group.reduce((sum, { verdicts }) => sum + verdicts, 0);
  if (group.length === 1 || verdicts === 0) return { verdicts };
  const sorted = group.toSorted((a, b) => compare(a.rule, b.rule));
  return {
    verdicts,
    verdictsByRule: Object.fromEntries(sorted.map(({ rule, verdicts: some }) => [rule, some])),
  };
}

function inactiveOf({ waiver, state, because }: Row, group: readonly Row[]): InactiveAcceptance {
  const { reason, owner, approvedBy, ticket, created, expires, origin } = waiver;
  return {
    by: 'waiver',
    ...{ state, because },
    rules: group.map(({ rule }) => rule).toSorted(),
    ...countsOf(group),
    where: selectedBy(waiver),
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(approvedBy === undefined ? {} : { approvedBy }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(created === undefined ? {} : { created }),
    ...(expires === null ? {} : { expires }),
    origin,
  };
}
