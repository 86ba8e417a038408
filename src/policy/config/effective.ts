import { UsageError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { defaultGate } from '../policy.ts';
import type { Profile } from '../profile.ts';
import { profiles } from '../profiles/index.ts';
import type { Config, GateConfig } from './config.ts';
import { type ConfigLayer, mergeLayers } from './layers.ts';

export const defaultProfile = 'auto';

/** What layers mean with what stands below all of them, and with the profile that they name. */
export interface Effective {
  readonly profile: Profile;
  readonly config: Config;
}

export function effectiveOf(over: readonly Pick<ConfigLayer, 'config'>[]): Effective {
  const profile = profileIn(over);
  const below = [defaultLayer, profileLayer(profile)];
  return { profile, config: mergeLayers([...below, ...over]) };
}

/** The profile that layers name. */
function profileIn(layers: readonly Pick<ConfigLayer, 'config'>[]): Profile {
  return profileOf(mergeLayers(layers).profile ?? defaultProfile);
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

export const defaultLayer: ConfigLayer = {
  config: {
    profile: defaultProfile,
    gate: {
      of: defaultGate.of,
      'fail-on': [defaultGate.failOn],
      'fail-on-unknown': defaultGate.failOnUnknown,
      'worse-than': defaultGate.worseThan,
      'coverage-of': defaultGate.coverageOf,
      'allow-empty': defaultGate.allowEmpty,
    },
  },
  originOf: () => 'default',
  placeOf: () => '',
};

export function profileLayer(profile: Profile): ConfigLayer {
  const config = { gate: gateOfProfile(profile) };
  return { config, originOf: () => `profile ${profile.name}`, placeOf: () => '' };
}

export function gateOfProfile({ gate }: Profile): GateConfig {
  return {
    ...(gate.failOn === undefined ? {} : { 'fail-on': [gate.failOn] }),
    ...(gate.failOnUnknown === undefined ? {} : { 'fail-on-unknown': gate.failOnUnknown }),
  };
}
