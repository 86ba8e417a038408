import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { ruleIds } from '../../../rules/ids.ts';
import { UsageError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { reasonOf } from '../../base/system-error.ts';
import type { Config, GateConfig } from '../../policy/config/config.ts';
import { configShape } from '../../policy/config/config-shape.ts';
import { type ConfigLayer, mergeLayers } from '../../policy/config/layers.ts';
import type { Shape } from '../../policy/config/node-shapes.ts';
import { policyOf } from '../../policy/config/policy-of.ts';
import { defaultGate, type Policy } from '../../policy/policy.ts';
import type { Profile } from '../../policy/profile.ts';
import { profiles } from '../../policy/profiles/index.ts';
import type { PolicyFile } from '../../report/report.ts';
import type { Surroundings } from '../command.ts';
import { optionLayers, type PolicyArguments } from '../options/policy-options.ts';
import { type ConfigFile, findConfigFile, readConfigFile } from './config-file.ts';
import { type Ground, refusalOf } from './trusted-place.ts';

export interface Settings {
  readonly config: Config;
  /** Weakest first. */
  readonly layers: readonly ConfigLayer[];
  readonly profile: Profile;
  readonly file: ConfigFile | null;
  /** Absolute path. */
  readonly baselineFile: string | null;
  readonly policy: Policy;
}

export const defaultProfile = 'auto';

/** `images` are the inputs: a configuration above or inside one of them is refused. Throws UsageError. */
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
  const { file, isNamed } = await chooseFile(args, { cwd, env, shape, images });
  const over = [...(file === null ? [] : [fileLayer(file, cwd)]), ...given];
  const profile = profileOf(mergeLayers(over).profile ?? defaultProfile);
  const layers = [defaultLayer, profileLayer(profile), ...over];
  const config = mergeLayers(layers);
  const baselineFile = config.baseline === undefined ? null : resolve(cwd, config.baseline);
  const isFound = !isNamed && !given.some((layer) => layer.config.baseline !== undefined);
  if (baselineFile !== null && isFound && existsSync(baselineFile))
    demandTrust(baselineFile, 'baseline', { cwd, images });
  const baseline =
    baselineFile === null ? null : await loadBaseline(baselineFile, cwd, args.updateBaseline);
  const files = [
    ...(file === null ? [] : [fileOf('configuration', file, isNamed)]),
    ...(baseline === null ? [] : [fileOf('baseline', baseline, !isFound)]),
  ];
  const policy = policyOf(config, profile, { today, baseline: baseline?.entries ?? null, files });
  return { config, layers, profile, file, baselineFile, policy };
}

/** Throws UsageError that lists the profiles. */
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
    return { file: await readConfigFile(named, cwd, shape), isNamed: true };
  const file = await findConfigFile(cwd, shape);
  if (file !== null) demandTrust(file.path, 'config', { cwd, images });
  return { file, isNamed: false };
}

/** Throws UsageError: using the defaults instead would ignore a policy that the user can see. */
function demandTrust(path: string, option: 'config' | 'baseline', ground: Ground): void {
  const refusal = refusalOf(path, ground);
  if (refusal === null) return;
  const name = relative(ground.cwd, path) || path;
  throw new UsageError(
    `${name} ${refusal}, and the author of an input must not decide how it is judged. Give --${option} ${name} to use it, or run hullcheck in another folder`,
  );
}

function fileOf(
  role: PolicyFile['role'],
  { name, sha256 }: Pick<PolicyFile, 'name' | 'sha256'>,
  isNamed: boolean,
): PolicyFile {
  return { role, name, sha256, how: isNamed ? 'named' : 'found' };
}

const defaultLayer: ConfigLayer = {
  config: {
    profile: defaultProfile,
    gate: {
      of: defaultGate.of,
      'fail-on': [defaultGate.failOn],
      'fail-on-unknown': defaultGate.failOnUnknown,
      'coverage-of': defaultGate.coverageOf,
      'allow-empty': defaultGate.allowEmpty,
    },
  },
  originOf: () => 'default',
};

function profileLayer(profile: Profile): ConfigLayer {
  const config = { gate: gateOfProfile(profile) };
  return { config, originOf: () => `profile ${profile.name}` };
}

export function gateOfProfile({ gate }: Profile): GateConfig {
  return {
    ...(gate.failOn === undefined ? {} : { 'fail-on': [gate.failOn] }),
    ...(gate.failOnUnknown === undefined ? {} : { 'fail-on-unknown': gate.failOnUnknown }),
  };
}

/** Paths in a file are relative to its folder. */
function fileLayer({ path, name, config }: ConfigFile, cwd: string): ConfigLayer {
  const { baseline, ...rest } = config;
  const moved =
    baseline === undefined ? {} : { baseline: relative(cwd, resolve(dirname(path), baseline)) };
  return { config: { ...rest, ...moved }, originOf: () => name };
}

interface LoadedBaseline extends Pick<PolicyFile, 'name' | 'sha256'> {
  readonly entries: NonNullable<Policy['baseline']>;
}

async function loadBaseline(
  path: string,
  cwd: string,
  mayBeNew = false,
): Promise<LoadedBaseline | null> {
  const name = relative(cwd, path) || path;
  if (mayBeNew && !existsSync(path)) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const how = existsSync(path) ? '' : '; --update-baseline creates it';
    throw new UsageError(`cannot read the baseline ${name}: ${reasonOf(error)}${how}`);
  }
  const { readBaseline } = await import('../../policy/baseline-file.ts');
  try {
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { name, sha256, entries: readBaseline(text) };
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name}: ${error.message}`) : error;
  }
}
