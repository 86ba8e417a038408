import { groupBy } from '../../base/group-by.ts';
import type { InactiveAcceptance } from '../../report/report.ts';
import type { Waiver } from '../policy.ts';
import { endingBefore, type IdleWaivers, isInForce, type Uses } from './waiver-notices.ts';

interface Row extends Pick<InactiveAcceptance, 'state' | 'because'> {
  readonly rule: string;
  readonly waiver: Waiver;
  readonly verdicts: number;
}

/** A row for each waiver that does not count, and for the first ones that accept nothing: what first ends comes first. */
export function inactiveWaivers(uses: Uses, { first }: IdleWaivers): readonly InactiveAcceptance[] {
  const ended = endingBefore(uses.all, uses.today)
    .filter(({ waiver }) => !isInForce(waiver, uses.today))
    .map(
      ({ id, rule, waiver }): Row => ({
        ...{ rule, waiver, verdicts: uses.of(id)?.open ?? 0 },
        ...whyEnded(waiver),
      }),
    );
  const idle = first.map(
    ({ because, each: { rule, waiver } }): Row => ({
      ...{ rule, waiver, verdicts: 0, state: 'unused', because },
    }),
  );
  const rows = [...groupBy([...ended, ...idle], ({ waiver }) => waiver).values()].flatMap(
    (group) => {
      const [one] = group;
      return one === undefined ? [] : [inactiveOf(one, group)];
    },
  );
  const keyOf = ({ expires = '~', origin, rules, ...row }: InactiveAcceptance) =>
    JSON.stringify([expires, origin, rules, row]);
  const keyed = rows.map((row) => [keyOf(row), row] as const);
  return keyed.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row);
}

function whyEnded({ expires, refused }: Waiver): Pick<Row, 'state' | 'because'> {
  return refused === undefined
    ? { state: 'ended', because: `it ended on ${expires}` }
    : { state: 'refused', because: refused };
}

function inactiveOf({ waiver, state, because }: Row, group: readonly Row[]): InactiveAcceptance {
  const { reason, owner, approvedBy, ticket, created, expires, origin } = waiver;
  return {
    by: 'waiver',
    ...{ state, because },
    rules: group.map(({ rule }) => rule).toSorted(),
    verdicts: group.reduce((sum, { verdicts }) => sum + verdicts, 0),
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(approvedBy === undefined ? {} : { approvedBy }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(created === undefined ? {} : { created }),
    ...(expires === null ? {} : { expires }),
    origin,
  };
}
