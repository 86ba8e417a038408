import type { Config } from '../../policy/config/config.ts';
import { configShape } from '../../policy/config/config-shape.ts';
import type { Shape } from '../../policy/config/node-shapes.ts';
import type { RuleNames } from '../../policy/config/rule-names.ts';
import { profiles } from '../../policy/profiles/index.ts';

/** Of a configuration that may name each of these rules and every profile. `meet`: as in RuleNames. */
export function fullShape(
  { ids }: Pick<RuleNames, 'ids'>,
  meet?: RuleNames['meet'],
): Shape<Config> {
  return configShape(
    ids,
    profiles.map(({ name }) => name),
    meet,
  );
}
