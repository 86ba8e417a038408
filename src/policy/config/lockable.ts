import { limitSettings } from '../../base/limits.ts';
import { allowLists } from '../../base/own-lists.ts';
import { requiredParts } from '../../base/required-system.ts';

/** Conditions of the gate. */
const conditions = [
  'of',
  'fail-on',
  'fail-on-unknown',
  'worse-than',
  'coverage',
  'coverage-of',
  'maximum',
  'required',
  'allow-empty',
  'platforms',
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
  'runs-on',
  'allow',
  'deny',
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
    ...requiredParts.map((name) => `runs-on.${name}`),
    ...allowLists.map((name) => `allow.${name}`),
    'deny.imports',
    ...Object.keys(limitSettings).map((name) => `limits.${name}`),
  ];
}

/** The same without their parts, for messages. */
export const lockableText = `all, ${groups.join(', ')}, or a part such as gate.fail-on or rules.pie; entries of images: are held to the locks of what they set`;

/** Each group that a lock of all covers. */
export const lockGroups: readonly LockGroup[] = groups;
