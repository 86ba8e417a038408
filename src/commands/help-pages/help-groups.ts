import { limitSettings } from '../../base/limits.ts';

/** In the order in which `hullcheck scan --help` shows them. */
export const helpGroups = [
  'Scan:',
  'Policy:',
  'Output:',
  'Code scanning:',
  'Registry:',
  'Cache:',
] as const;

export type HelpGroup = (typeof helpGroups)[number];

/** The limits are on a page of their own. */
export const limitsHint = 'Limits: hullcheck help limits';

export const limitOptions = Object.keys(limitSettings).map((option) => `--${option}`);
