import { ruleIds } from '../../../rules/ids.ts';
import type { Config } from '../../policy/config/config.ts';
import { configShape } from '../../policy/config/config-shape.ts';
import type { Shape } from '../../policy/config/node-shapes.ts';
import { profiles } from '../../policy/profiles/index.ts';

/** Of a configuration that may name every rule and every profile. */
export function fullShape(): Shape<Config> {
  return configShape(
    ruleIds,
    profiles.map(({ name }) => name),
  );
}
