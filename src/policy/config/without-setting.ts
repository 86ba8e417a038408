import type { Config, GateConfig } from './config.ts';

/**
 * A configuration without a setting, by the name that a lock has of it (`gate.coverage.pie`, `overrides.pie`); the same object where it
 * does not set it. What it says of the gate by its profile alone goes with the profile.
 */
export function withoutSetting<Settings extends Config>(
  settings: Settings,
  name: string,
): Settings {
  const [group = '', ...rest] = name.split('.');
  const member = rest.join('.');
  if (group === 'overrides') return withoutOverrides(settings, member);
  if (member === '') return withoutMember(settings, group);
  if (group === 'accept') return withoutWord(settings, member);
  if (group !== 'gate') return withoutNested(settings, group, member);
  const gate = settings.gate === undefined ? undefined : withoutCondition(settings.gate, rest);
  if (gate !== settings.gate) return { ...settings, gate };
  return withoutMember(settings, 'profile');
}

function withoutWord<Settings extends Config>(settings: Settings, word: string): Settings {
  const { accept = [] } = settings;
  const left = accept.filter((each) => each !== word);
  return left.length === accept.length ? settings : { ...settings, accept: left };
}

function withoutCondition(gate: GateConfig, [condition = '', name]: readonly string[]): GateConfig {
  return name === undefined ? withoutMember(gate, condition) : withoutNested(gate, condition, name);
}

function withoutNested<From extends object>(from: From, group: string, member: string): From {
  const entry = Object.entries(from).find(([key]) => key === group)?.[1];
  if (typeof entry !== 'object' || entry === null) return from;
  const left = withoutMember(entry, member);
  return left === entry ? from : { ...from, [group]: left };
}

function withoutMember<From extends object>(from: From, name: string): From {
  if (!Object.hasOwn(from, name)) return from;
  // All members of a configuration may be missing.
  return Object.fromEntries(Object.entries(from).filter(([key]) => key !== name)) as From;
}

function withoutOverrides<Settings extends Config>(settings: Settings, rule: string): Settings {
  const { overrides = [] } = settings;
  if (!overrides.some(({ rules }) => Object.hasOwn(rules, rule))) return settings;
  return {
    ...settings,
    overrides: overrides.map((each) => ({ ...each, rules: withoutMember(each.rules, rule) })),
  };
}
