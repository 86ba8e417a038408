import type { GateConditions } from './policy.ts';

/** Whether a condition is of this rule alone. */
export function isNamed(
  { failOnRules, coverage, maximum }: Pick<GateConditions, 'failOnRules' | 'coverage' | 'maximum'>,
  rule: string,
): boolean {
  return (
    failOnRules.includes(rule) || Object.hasOwn(coverage, rule) || Object.hasOwn(maximum, rule)
  );
}
