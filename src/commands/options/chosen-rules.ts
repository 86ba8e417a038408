import { UsageError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { Rule } from '../../judge/rule.ts';
import type { RulesVersion } from '../../report/report.ts';
import { builtInRules, type KnownRules, loadAllRules } from '../settings/known-rules.ts';

/** The rule IDs given by `--rule`, or all of them, sorted. Throws UsageError for an unknown ID. */
export function chosenRules(
  named: readonly string[] | undefined,
  ids: readonly string[],
): readonly string[] {
  if (named === undefined) return ids;
  const chosen = new Set(named.map((id) => demandRule(id, ids)));
  return ids.filter((id) => chosen.has(id));
}

/** Returns the ID if the rule exists. Throws UsageError with the nearest one otherwise. */
export function demandRule(id: string, ids: readonly string[]): string {
  if (ids.includes(id)) return id;
  const suggestion = nearest(id, ids);
  throw new UsageError(
    `there is no rule ${id}${suggestion === null ? '; hullcheck rules lists them' : `; did you mean ${suggestion}?`}`,
  );
}

/** Loaded late: a result from the cache requires the IDs of the rules only. */
export async function loadRules(
  ids: readonly string[],
  known: KnownRules,
): Promise<readonly Rule[]> {
  return (await loadAllRules(known)).filter(({ id }) => ids.includes(id));
}

/** Of all rules of hullcheck, whichever are chosen. Plug-ins are among the files of the policy. */
export async function loadRulesVersion(): Promise<RulesVersion> {
  const { rulesVersionOf } = await import('../../judge/rules-version.ts');
  return rulesVersionOf(await loadAllRules(builtInRules));
}
