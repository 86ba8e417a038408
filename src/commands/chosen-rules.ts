// supporting: the rules of a run, by their ids until they judge
import { ruleIds } from '../../rules/ids.ts';
import { UsageError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Rule } from '../rule.ts';

/** The ids that `--rule` names, or all, sorted. Throws UsageError for one that no rule has. */
export function chosenRules(named: readonly string[] | undefined): readonly string[] {
  if (named === undefined) return ruleIds;
  const chosen = new Set(named.map(demandRule));
  return ruleIds.filter((id) => chosen.has(id));
}

/** Gives the id of a rule back. Throws UsageError with the nearest one. */
export function demandRule(id: string): string {
  if (ruleIds.includes(id)) return id;
  const suggestion = nearest(id, ruleIds);
  throw new UsageError(
    `there is no rule ${id}${suggestion === null ? '; hullcheck rules lists them' : `; did you mean ${suggestion}?`}`,
  );
}

/** A known image is not judged again, so it needs the names of the rules alone. */
export async function loadRules(ids: readonly string[]): Promise<readonly Rule[]> {
  const { rules } = await import('../../rules/index.ts');
  return rules.filter(({ id }) => ids.includes(id));
}
