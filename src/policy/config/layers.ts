import type { Config } from './config.ts';

/** A configuration and where its values came from. */
export interface ConfigLayer {
  readonly config: Config;
  /** By the name of a setting, as `gate.fail-on`: `hullcheck.yaml`, `--fail-on`. */
  originOf(setting: string): string;
}

/** Later layers win, setting by setting; what is left out, overridden and waived adds up. */
export function mergeLayers(layers: readonly ConfigLayer[]): Config {
  return layers.map(({ config }) => config).reduce(merge, {});
}

function merge(base: Config, over: Config): Config {
  return {
    ...base,
    ...over,
    rules: { ...base.rules, ...over.rules },
    overrides: [...(base.overrides ?? []), ...(over.overrides ?? [])],
    exclude: [...(base.exclude ?? []), ...(over.exclude ?? [])],
    waivers: [...(base.waivers ?? []), ...(over.waivers ?? [])],
    dependencies: [...(base.dependencies ?? []), ...(over.dependencies ?? [])],
    yours: [...(base.yours ?? []), ...(over.yours ?? [])],
    limits: { ...base.limits, ...over.limits },
    gate: {
      ...base.gate,
      ...over.gate,
      coverage: { ...base.gate?.coverage, ...over.gate?.coverage },
      maximum: { ...base.gate?.maximum, ...over.gate?.maximum },
    },
  };
}

export interface Setting {
  readonly name: string;
  readonly value: unknown;
  readonly from: string;
}

/** Everything in force, one line a setting, each with the layer that set it. */
export function listSettings(layers: readonly ConfigLayer[]): readonly Setting[] {
  const settings = new Map<string, Setting>();
  for (const layer of layers) {
    for (const [name, value] of flatten(layer.config)) {
      // What adds up has a line for each layer.
      const key = adding.has(name) ? `${name} ${settings.size}` : name;
      settings.set(key, { name, value, from: layer.originOf(name) });
    }
  }
  return [...settings.values()].toSorted((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  );
}

const adding: ReadonlySet<string> = new Set([
  'dependencies',
  'exclude',
  'overrides',
  'waivers',
  'yours',
]);

function* flatten(config: Config): Generator<readonly [name: string, value: unknown]> {
  const {
    rules,
    gate,
    limits,
    overrides,
    waivers,
    dependencies,
    yours,
    exclude,
    $schema,
    ...single
  } = config;
  yield* Object.entries(single);
  for (const [name, value] of Object.entries(rules ?? {})) yield [`rules.${name}`, value];
  const { coverage, maximum, ...conditions } = gate ?? {};
  for (const [name, value] of Object.entries(conditions)) yield [`gate.${name}`, value];
  for (const [rule, least] of Object.entries(coverage ?? {}))
    yield [`gate.coverage.${rule}`, least];
  for (const [name, most] of Object.entries(maximum ?? {})) yield [`gate.maximum.${name}`, most];
  for (const [name, value] of Object.entries(limits ?? {})) yield [`limits.${name}`, value];
  if (exclude !== undefined && exclude.length > 0) yield ['exclude', exclude];
  if (overrides !== undefined && overrides.length > 0) yield ['overrides', overrides];
  if (waivers !== undefined && waivers.length > 0)
    yield ['waivers', waivers.map(({ value }) => value)];
  if (dependencies !== undefined && dependencies.length > 0)
    yield ['dependencies', dependencies.map(({ value }) => value)];
  if (yours !== undefined && yours.length > 0) yield ['yours', yours.map(({ value }) => value)];
}
