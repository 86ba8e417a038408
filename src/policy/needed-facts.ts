import type { Rule } from '../judge/rule.ts';
import type { Policy } from './policy.ts';

/**
 * Names of facts by which policies select binaries, file facts and others: they are extracted in addition to those
 * that the rules need. Settings for rules that do not run are ignored: the profiles of distributions would need machine
 * code.
 */
export function factsNeededBy(
  policies: readonly Pick<Policy, 'levels' | 'waivers'>[],
  rules: readonly Pick<Rule, 'id'>[],
): readonly string[] {
  const ids = new Set(rules.map(({ id }) => id));
  const paths = policies.flatMap(({ levels, waivers }) => {
    const asked = waivers.filter(({ rules: named }) => named.some((rule) => ids.has(rule)));
    return [...levels.filter(({ rule }) => ids.has(rule)), ...asked].flatMap(({ where }) =>
      Object.keys(where.facts ?? {}),
    );
  });
  return [...new Set(paths.map((path) => path.split('.')[0] ?? ''))];
}
