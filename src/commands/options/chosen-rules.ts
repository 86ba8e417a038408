import { ruleIds } from '../../../rules/ids.ts';
import { UsageError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { Rule } from '../../judge/rule.ts';
import type { RulesVersion } from '../../report/report.ts';

/** The rule IDs given by `--rule`, or all of them, sorted. Throws UsageError for an unknown ID. */
export function chosenRules(named: readonly string[] | undefined): readonly string[] {
  if (named === undefined) return ruleIds;
  const chosen = new Set(named.map(demandRule));
  return ruleIds.filter((id) => chosen.has(id));
}

/** Returns the ID if the rule exists. Throws UsageError with the nearest one otherwise. */
export function demandRule(id: string): string {
  if (ruleIds.includes(id)) return id;
  const suggestion = nearest(id, ruleIds);
  throw new UsageError(
    `there is no rule ${id}${suggestion === null ? '; hullcheck rules lists them' : `; did you mean ${suggestion}?`}`,
  );
}

/** Loaded late: a result from the cache requires the IDs of the rules only. */
export async function loadRules(ids: readonly string[]): Promise<readonly Rule[]> {
  const { rules } = await import('../../../rules/index.ts');
  return rules.filter(({ id }) => ids.includes(id));
}

/** Of all rules, whichever are chosen. */
export async function loadRulesVersion(): Promise<RulesVersion> {
  const { rules } = await import('../../../rules/index.ts');
  const { rulesVersionOf } = await import('../../judge/rules-version.ts');
  return rulesVersionOf(rules);
}
