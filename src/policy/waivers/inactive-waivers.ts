import { compare } from '../../base/compare.ts';
import { groupBy } from '../../base/group-by.ts';
import type { InactiveAcceptance } from '../../report/report.ts';
import type { Waiver } from '../policy.ts';
import type { IdleWaivers } from './idle-waivers.ts';
import { endingBefore } from './waiver-notices.ts';
import { isInForce, type Uses } from './waiver-uses.ts';

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
  return rows.toSorted(byEnd);
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
