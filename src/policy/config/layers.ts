import type { Config } from './config.ts';

/** A configuration and where its values came from. */
export interface ConfigLayer {
  readonly config: Config;
  /** By the name of a setting, as `gate.fail-on`: `hullcheck.yaml`, `--fail-on`. */
  originOf(setting: string): string;
  /** As exactly as it is known: `hullcheck.yaml:3:1`, `--fail-on`. */
  placeOf(setting: string): string;
  /** The entry of `images:` that sets it, as `ghcr.io/acme/* (hullcheck.yaml:12)`; null: none. Absent: it has no entries. */
  entryOf?(setting: string): string | null;
}

/** Where a setting comes from, as exactly as it is known. */
export function sourceIn(layer: ConfigLayer, setting: string): string {
  return layer.placeOf(setting) || layer.originOf(setting);
}

/** Later layers win, setting by setting; what is left out, overridden and waived adds up. */
export function mergeLayers(layers: readonly Pick<ConfigLayer, 'config'>[]): Config {
  return layers.map(({ config }) => config).reduce(merge, {});
}

function merge(base: Config, over: Config): Config {
  return {
    ...base,
    ...over,
    extends: [...(base.extends ?? []), ...(over.extends ?? [])],
    ...mergePlugins(base, over),
    locked: [...(base.locked ?? []), ...(over.locked ?? [])],
    rules: { ...base.rules, ...over.rules },
    overrides: [...(base.overrides ?? []), ...(over.overrides ?? [])],
    images: [...(base.images ?? []), ...(over.images ?? [])],
    exclude: [...(base.exclude ?? []), ...(over.exclude ?? [])],
    ...mergeWaivers(base, over),
    ...mergeBaselineLimits(base, over),
    dependencies: [...(base.dependencies ?? []), ...(over.dependencies ?? [])],
    yours: [...(base.yours ?? []), ...(over.yours ?? [])],
    'runs-on': { ...base['runs-on'], ...over['runs-on'] },
    allow: { ...base.allow, ...over.allow },
    ...mergeDenied(base, over),
    limits: { ...base.limits, ...over.limits },
    gate: {
      ...base.gate,
      ...over.gate,
      coverage: { ...base.gate?.coverage, ...over.gate?.coverage },
      maximum: { ...base.gate?.maximum, ...over.gate?.maximum },
    },
  };
}

/** Each is in force, whichever file names it. */
function mergePlugins(base: Config, over: Config): Pick<Config, 'plugins'> {
  const plugins = [...(base.plugins ?? []), ...(over.plugins ?? [])];
  return plugins.length === 0 ? {} : { plugins };
}

/** What is denied, no other configuration takes back. */
function mergeDenied(base: Config, over: Config): Pick<Config, 'deny'> {
  const imports = [...(base.deny?.imports ?? []), ...(over.deny?.imports ?? [])];
  return imports.length === 0 ? {} : { deny: { imports } };
}

/** What an earlier configuration requires of waivers binds those of later ones, and not the other way round. */
function mergeWaivers(base: Config, over: Config): Pick<Config, 'waivers' | 'waiverLimits'> {
  const limits = [...(base.waiverLimits ?? []), ...(over.waiverLimits ?? [])];
  const bound = (over.waivers ?? []).map((waiver) =>
    limits.length === 0 ? waiver : { ...waiver, limits },
  );
  return {
    waivers: [...(base.waivers ?? []), ...bound],
    ...(limits.length === 0 ? {} : { waiverLimits: limits }),
  };
}

/** There is one baseline, whichever file names it: what any file requires binds its entries. */
function mergeBaselineLimits(base: Config, over: Config): Pick<Config, 'baselineLimits'> {
  const limits = [...(base.baselineLimits ?? []), ...(over.baselineLimits ?? [])];
  return limits.length === 0 ? {} : { baselineLimits: limits };
}
