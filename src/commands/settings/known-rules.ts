import { ruleIds } from '../../../rules/ids.ts';
import type { Rule } from '../../judge/rule.ts';
import type { Plugin } from '../../plugins/load-plugin.ts';
import type { Config } from '../../policy/config/config.ts';
import type { Shape } from '../../policy/config/node-shapes.ts';
import type { Surroundings } from '../command.ts';
import type { PolicyArguments } from '../options/policy-options.ts';
import { fullShape } from './full-shape.ts';
import { type PolicySources, readSources, type Search } from './policy-sources.ts';

/** The rules that there are in a run: those of hullcheck, and those of the plug-ins of its configuration. */
export interface KnownRules {
  /** Sorted. */
  readonly ids: readonly string[];
  readonly plugins: readonly Plugin[];
}

export const builtInRules: KnownRules = { ids: ruleIds, plugins: [] };

/** All of them, sorted by ID. Loaded late: most commands require their IDs only. */
export async function loadAllRules({ ids, plugins }: KnownRules): Promise<readonly Rule[]> {
  const { rules } = await import('../../../rules/index.ts');
  const all = new Map(
    [...rules, ...plugins.flatMap((each) => each.rules)].map((rule) => [rule.id, rule]),
  );
  return ids.map((id) => all.get(id)).filter((rule) => rule !== undefined);
}

export interface ReadWithRules {
  readonly sources: PolicySources;
  readonly rules: KnownRules;
  /** By which all else that names rules is read. */
  readonly shape: Shape<Config>;
}

/**
 * The files in force, and the rules that they bring. Which IDs they may name is known when all of them are read: where one has a prefix, or
 * there is a plug-in, they are read a second time. `others` are names that options have. Throws UsageError.
 */
export async function readWithRules(
  args: PolicyArguments,
  search: Omit<Search, 'shape'>,
  others: (shape: Shape<Config>) => void = () => {},
): Promise<ReadWithRules> {
  const met = new Set<string>();
  const first = fullShape(builtInRules, (id) => met.add(id));
  const sources = await readSources(args, { ...search, shape: first });
  others(first);
  const isPlain = sources.layers.every(({ config }) => config.plugins === undefined);
  if (isPlain && met.size === 0) return { sources, rules: builtInRules, shape: first };
  const rules = isPlain ? builtInRules : await loadedFrom(sources, search);
  const shape = fullShape(rules);
  return { sources: await readSources(args, { ...search, shape }), rules, shape };
}

async function loadedFrom(sources: PolicySources, search: Omit<Search, 'shape'>) {
  const { loadPlugins } = await import('./plugins.ts');
  const plugins = await loadPlugins(sources.layers, search);
  const own = plugins.flatMap(({ rules }) => rules.map(({ id }) => id));
  return { ids: [...ruleIds, ...own].toSorted(), plugins };
}

/** For commands that read no settings: of the files that are in force where they run. Throws UsageError. */
export async function rulesHere(
  args: PolicyArguments,
  { cwd, env }: Pick<Surroundings, 'cwd' | 'env'>,
): Promise<KnownRules> {
  return (await readWithRules(args, { cwd, env, images: [] })).rules;
}
