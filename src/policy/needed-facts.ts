import { needsWith, type Rule, type RuleSetting, type SettingFact } from '../judge/rule.ts';
import type { Policy } from './policy.ts';

/**
 * Names of facts by which policies select binaries, file facts and others, and of those that the rules of its settings need: they are extracted in addition to those
 * that the rules need. Settings for rules that do not run are ignored: the profiles of distributions would need machine
 * code.
 */
export function factsNeededBy(
  policies: readonly Pick<Policy, 'levels' | 'waivers' | 'runsOn' | 'lists'>[],
  rules: readonly AskedRule[],
): readonly string[] {
  const ids = new Set(rules.map(({ id }) => id));
  const paths = policies.flatMap(({ levels, waivers }) => {
    const asked = waivers.filter(({ rules: named }) => named.some((rule) => ids.has(rule)));
    return [...levels.filter(({ rule }) => ids.has(rule)), ...asked].flatMap(({ where }) =>
      Object.keys(where.facts ?? {}),
    );
  });
  const ofSettings = rules.flatMap(({ setting, needs = [] }) =>
    setting === undefined
      ? []
      : policies.flatMap((policy) => {
          const value = valueIn(policy, setting.fact);
          return value === undefined ? [] : needsWith({ needs, setting }, value);
        }),
  );
  return [...new Set([...paths.map((path) => path.split('.')[0] ?? ''), ...ofSettings])];
}

type AskedRule = Pick<Rule, 'id'> & {
  readonly setting?: Pick<RuleSetting, 'fact' | 'neededFor'>;
  readonly needs?: readonly string[];
};

/** What the policy may set for some file; its lists stand for those of the files that they concern. undefined: nothing. */
function valueIn(
  { runsOn, lists }: Pick<Policy, 'runsOn' | 'lists'>,
  fact: SettingFact,
): object | undefined {
  switch (fact) {
    case 'requiredSystem':
      return runsOn;
    case 'ownLists':
      return lists === undefined
        ? undefined
        : Object.fromEntries(Object.entries(lists).filter(([, entries]) => entries.length > 0));
  }
}
