import { limitSettings } from '../../base/limits.ts';

/** Conditions of the gate. */
const conditions = [
  'of',
  'fail-on',
  'fail-on-unknown',
  'coverage',
  'coverage-of',
  'maximum',
  'required',
  'allow-empty',
  'strict-policy',
] as const;

const groups = [
  'profile',
  'rules',
  'overrides',
  'exclude',
  'gate',
  'waivers',
  'baseline',
  'dependencies',
  'yours',
  'limits',
  'accept',
] as const;

export type LockGroup = (typeof groups)[number];

/** Every word that `locked` may contain. */
export function lockableSettings(rules: readonly string[]): readonly string[] {
  return [
    'all',
    ...groups,
    ...conditions.map((name) => `gate.${name}`),
    ...rules.map((rule) => `rules.${rule}`),
    ...Object.keys(limitSettings).map((name) => `limits.${name}`),
  ];
}

/** Each group that a lock of all covers. */
export const lockGroups: readonly LockGroup[] = groups;

/** Whether a lock covers a setting: `gate` covers `gate.fail-on`, and `gate.coverage` covers `gate.coverage.pie`. */
export function covers(lock: string, setting: string): boolean {
  return lock === 'all' || setting === lock || setting.startsWith(`${lock}.`);
}
