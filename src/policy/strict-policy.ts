import { amount } from '../base/amount.ts';
import { UsageError, UsageErrors } from '../base/errors.ts';
import type { FailedCondition, Gate } from '../report/report.ts';
import type { GateConditions, Policy } from './policy.ts';
import type { IdleEntry } from './waivers/idle-waivers.ts';

/**
 * Where a policy must not have entries that do not count: refuses it before anything is scanned. Throws UsageError that names all
 * of them.
 */
export function demandStrict({ gate, waivers, baseline, today }: Policy): void {
  if (gate.strictPolicy !== true) return;
  const ofWaivers = waivers.flatMap(({ rules, origin, expires, refused }) => {
    const what = `${origin}: the waiver of ${rules.join(', ')}`;
    if (refused !== undefined) return [`${what} is not allowed: ${refused}`];
    return expires !== null && expires < today ? [`${what} expired on ${expires}`] : [];
  });
  const ofBaseline = (baseline ?? []).flatMap(({ rule, path, expires, refused }) => {
    const what = `the entry of ${rule} at ${path} in the baseline`;
    if (refused !== undefined) return [`${what} is not allowed: ${refused}`];
    return expires !== undefined && expires < today ? [`${what} ended on ${expires}`] : [];
  });
  const all = [...ofWaivers, ...ofBaseline];
  const [first] = all;
  if (first === undefined) return;
  const more = all.length - mostListed;
  const shown = all.slice(0, mostListed).map((text) => `${text} (--strict-policy)`);
  if (all.length === 1) throw new UsageError(`${first} (--strict-policy)`);
  throw new UsageErrors(more > 0 ? [...shown, `and ${more} more`] : shown);
}

const mostListed = 50;

/** Entries that the gate's line names. */
const mostNamed = 3;

/** Sentences: entries of the policy that do nothing for these targets, where it must not have any. */
export function idleIn(
  { gate }: Pick<Policy, 'gate'>,
  judge: () => { readonly gate: Gate },
): readonly string[] {
  if (gate.strictPolicy !== true) return [];
  return judge()
    .gate.failed.filter(({ condition }) => condition === strict)
    .map(({ because }) => because);
}

const strict = 'strict-policy';

/** The gate, broken by entries of the policy that only a scan shows to be idle. */
export function withStrictPolicy(
  gate: Gate,
  { strictPolicy }: Pick<GateConditions, 'strictPolicy'>,
  { first, count }: { readonly first: readonly IdleEntry[]; readonly count: number },
): Gate {
  if (strictPolicy !== true || count === 0) return gate;
  const named = first.slice(0, mostNamed).map(({ what, because }) => `${what} ${because}`);
  const more = count - named.length;
  const rest = more > 0 ? [`and ${amount(more, 'more entry', 'more entries')}`] : [];
  const because = `${amount(count, 'entry', 'entries')} of the policy ${count === 1 ? 'does' : 'do'} nothing (${[...named, ...rest].join('; ')})`;
  const condition: FailedCondition = { condition: strict, because, of: 'totals' };
  const isUndecided = gate.state === 'undecided';
  return {
    ...gate,
    state: isUndecided ? 'undecided' : 'broken',
    because: isUndecided ? `${gate.because}; ${because}` : `${because}; ${gate.because}`,
    failed: [...gate.failed, condition],
  };
}
