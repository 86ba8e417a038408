import { compare } from '../../base/compare.ts';
import type { Config } from './config.ts';
import type { ConfigLayer } from './layers.ts';

/** The value of one setting in one layer. */
export interface Setting {
  readonly name: string;
  readonly value: unknown;
  readonly layer: ConfigLayer;
}

/** A setting in force, and the values below it that it replaces, weakest first. */
export interface EffectiveSetting extends Setting {
  readonly replaced: readonly Setting[];
}

/** Everything in force, sorted by name. What adds up has an entry for each layer. Weakest layers first. */
export function listSettings(layers: readonly ConfigLayer[]): readonly EffectiveSetting[] {
  const settings = new Map<string, EffectiveSetting>();
  for (const [index, layer] of layers.entries()) {
    for (const [name, value] of settingsOf(layer.config)) {
      const key = isAdded(name) ? `${name} ${index}` : name;
      const before = settings.get(key);
      const replaced = before === undefined ? [] : [...before.replaced, { ...before }];
      settings.set(key, { name, value, layer, replaced });
    }
  }
  return [...settings.values()].toSorted((a, b) => compare(a.name, b.name));
}

const adding: ReadonlySet<string> = new Set([
  'accept-plugins',
  'deny.imports',
  'dependencies',
  'exclude',
  'extends',
  'images',
  'locked',
  'overrides',
  'plugins',
  'waivers',
  'yours',
]);

/** What is required of waivers and entries of the baseline by one layer, no other takes back. */
function isAdded(name: string): boolean {
  return adding.has(name) || /^(?:waivers|baseline)\./.test(name);
}

/** Own lists of a configuration by the names of their settings. */
export function ownListsIn({ allow, deny }: Pick<Config, 'allow' | 'deny'>) {
  return {
    'allow.needed': allow?.needed,
    'allow.exports': allow?.exports,
    'deny.imports': deny?.imports,
  };
}

/** What a configuration sets, by name: `gate.coverage.pie`. */
export function* settingsOf(config: Config): Generator<readonly [name: string, value: unknown]> {
  const { rules, gate, limits, exclude, overrides, $schema, ...others } = config;
  const { 'runs-on': runsOn, allow, deny, ...rest } = others;
  const {
    extends: below,
    locked,
    waivers,
    waiverLimits,
    baselineLimits,
    dependencies,
    yours,
    images,
    plugins,
    root,
    ...single
  } = rest;
  yield* Object.entries(single);
  if (root === true) yield ['root', root];
  for (const [name, value] of Object.entries(rules ?? {})) yield [`rules.${name}`, value];
  const { coverage, maximum, ...conditions } = gate ?? {};
  for (const [name, value] of Object.entries(conditions)) yield [`gate.${name}`, value];
  for (const [rule, least] of Object.entries(coverage ?? {}))
    yield [`gate.coverage.${rule}`, least];
  for (const [name, most] of Object.entries(maximum ?? {})) yield [`gate.maximum.${name}`, most];
  for (const [name, value] of Object.entries(limits ?? {})) yield [`limits.${name}`, value];
  for (const [name, value] of Object.entries(runsOn ?? {})) yield [`runs-on.${name}`, value];
  for (const { value: required } of waiverLimits ?? [])
    for (const [name, value] of Object.entries(required)) yield [`waivers.${name}`, value];
  for (const { value: required } of baselineLimits ?? [])
    for (const [name, value] of Object.entries(required)) yield [`baseline.${name}`, value];
  const lists = { exclude, overrides };
  for (const [name, list] of Object.entries(lists))
    if (list !== undefined && list.length > 0) yield [name, list];
  const placed = {
    ...ownListsIn(config),
    extends: below,
    ...{ locked, images, plugins, waivers, dependencies, yours },
  };
  for (const [name, list] of Object.entries(placed))
    if (list !== undefined && list.length > 0) yield [name, list.map(({ value }) => value)];
}
