// supporting: what is in force, from defaults, profile, file, environment and command line
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { ruleIds } from '../../rules/ids.ts';
import { UsageError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Config } from '../policy/config/config.ts';
import { configShape } from '../policy/config/config-shape.ts';
import { type ConfigLayer, mergeLayers } from '../policy/config/layers.ts';
import { policyOf } from '../policy/config/policy-of.ts';
import type { Shape } from '../policy/config/shape.ts';
import { defaultGate, type Policy } from '../policy/policy.ts';
import type { Profile } from '../policy/profile.ts';
import { profiles } from '../policy/profiles/index.ts';
import { reasonOf } from '../sources/system-error.ts';
import type { Surroundings } from './command.ts';
import { type ConfigFile, findConfigFile, isInside, readConfigFile } from './config-file.ts';
import { optionLayers, type PolicyArguments } from './policy-options.ts';

export interface Settings {
  readonly config: Config;
  /** Weakest first. */
  readonly layers: readonly ConfigLayer[];
  readonly profile: Profile;
  readonly file: ConfigFile | null;
  /** Absolute path. */
  readonly baselineFile: string | null;
  readonly policy: Policy;
  /** For standard error. */
  readonly warnings: readonly string[];
}

/** `images` are what is scanned: a configuration inside one of them is not used. Throws UsageError. */
export async function readSettings(
  args: PolicyArguments & { readonly updateBaseline?: boolean | undefined },
  { cwd, env, today }: Surroundings,
  images: readonly string[] = [],
): Promise<Settings> {
  const shape = configShape(
    ruleIds,
    profiles.map(({ name }) => name),
  );
  const given = optionLayers(args, env, shape);
  const { file, warnings } = await chooseFile(args, { cwd, env, shape, images });
  const over = [...(file === null ? [] : [fileLayer(file, cwd)]), ...given];
  const profile = profileOf(mergeLayers(over).profile ?? 'default');
  const layers = [defaultLayer, profileLayer(profile), ...over];
  const config = mergeLayers(layers);
  const baselineFile = config.baseline === undefined ? null : resolve(cwd, config.baseline);
  const known =
    baselineFile === null ? null : await loadBaseline(baselineFile, cwd, args.updateBaseline);
  const policy = policyOf(config, profile, { today, baseline: known });
  return { config, layers, profile, file, baselineFile, policy, warnings };
}

/** Throws UsageError with the profiles there are. */
export function profileOf(name: string): Profile {
  const found = profiles.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const names = profiles.map((profile) => profile.name);
  const suggestion = nearest(name, names);
  const rest =
    suggestion === null ? `, expected one of ${names.join(', ')}` : `; did you mean ${suggestion}?`;
  throw new UsageError(`there is no profile ${name}${rest}`);
}

interface Search {
  readonly cwd: string;
  readonly env: Surroundings['env'];
  readonly shape: Shape<Config>;
  readonly images: readonly string[];
}

async function chooseFile(args: PolicyArguments, { cwd, env, shape, images }: Search) {
  const named = args['config'] ?? env['HULLCHECK_CONFIG'];
  if (Array.isArray(named)) throw new UsageError('--config was given more than once');
  if (typeof named === 'string' && named !== '')
    return { file: await readConfigFile(named, cwd, shape), warnings: [] };
  const file = await findConfigFile(cwd, shape);
  const around = file === null ? undefined : images.find((image) => holds(image, file, cwd));
  if (file === null || around === undefined) return { file, warnings: [] };
  const warning = `${file.name} lies inside ${around}, which is being scanned, and is not used; --config ${file.name} uses it`;
  return { file: null, warnings: [warning] };
}

function holds(image: string, file: ConfigFile, cwd: string): boolean {
  const folder = resolve(cwd, image.replace(/^[a-z-]+:/, ''));
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder && isInside(file.path, folder);
}

const defaultLayer: ConfigLayer = {
  config: {
    profile: 'default',
    gate: {
      'fail-on': [defaultGate.failOn],
      'fail-on-unknown': defaultGate.failOnUnknown,
      'coverage-of': defaultGate.coverageOf,
      'allow-empty': defaultGate.allowEmpty,
    },
  },
  originOf: () => 'default',
};

function profileLayer({ name, gate }: Profile): ConfigLayer {
  const config = {
    gate: {
      ...(gate.failOn === undefined ? {} : { 'fail-on': [gate.failOn] }),
      ...(gate.failOnUnknown === undefined ? {} : { 'fail-on-unknown': gate.failOnUnknown }),
    },
  };
  return { config, originOf: () => `profile ${name}` };
}

/** Names in a file are relative to its folder. */
function fileLayer({ path, name, config }: ConfigFile, cwd: string): ConfigLayer {
  const { baseline, ...rest } = config;
  const moved =
    baseline === undefined ? {} : { baseline: relative(cwd, resolve(dirname(path), baseline)) };
  return { config: { ...rest, ...moved }, originOf: () => name };
}

async function loadBaseline(
  path: string,
  cwd: string,
  mayBeNew = false,
): Promise<Policy['baseline']> {
  const name = relative(cwd, path) || path;
  if (mayBeNew && !existsSync(path)) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the baseline ${name}: ${reasonOf(error)}`);
  }
  const { readBaseline } = await import('../policy/baseline-file.ts');
  try {
    return readBaseline(text);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name}: ${error.message}`) : error;
  }
}
