import { defaultLimits, limitSettings } from '../../base/limits.ts';
import { shortSize } from '../../base/parse-size.ts';
import type { HelpGroup } from '../help-pages/help-groups.ts';

/** A setting that can also be given outside the configuration file. */
export interface PolicyOption {
  /** As `fail-on`: `--fail-on`, `HULLCHECK_FAIL_ON`. */
  readonly name: string;
  /** Where it stands in a configuration. */
  readonly path: readonly string[];
  /** `pairs` are `NAME=VALUE`. */
  readonly form: 'text' | 'list' | 'pairs' | 'number' | 'truth';
  readonly describe: string;
  /** Heading in help; null: it is on the page of limits alone. */
  readonly group: HelpGroup | null;
}

export const policyOptions: readonly PolicyOption[] = [
  {
    name: 'profile',
    path: ['profile'],
    form: 'text',
    describe: 'Profile to judge by (default: auto); see hullcheck profiles',
    group: 'Policy:',
  },
  {
    name: 'gate-of',
    path: ['gate', 'of'],
    form: 'text',
    describe: 'Whose files the gate counts: yours (default), dependencies (and yours), or all',
    group: 'Policy:',
  },
  {
    name: 'fail-on',
    path: ['gate', 'fail-on'],
    form: 'list',
    describe:
      'Lowest severity that breaks the gate: critical, high (default), medium, low, note or none; or a rule ID (repeatable)',
    group: 'Policy:',
  },
  {
    name: 'fail-on-unknown',
    path: ['gate', 'fail-on-unknown'],
    form: 'truth',
    describe: 'Let an unknown verdict break the gate',
    group: 'Policy:',
  },
  {
    name: 'worse-than',
    path: ['gate', 'worse-than'],
    form: 'text',
    describe:
      'Lowest severity of a verdict that got worse and breaks the gate of a comparison: critical, high, medium, low (default), note or none',
    group: 'Policy:',
  },
  {
    name: 'coverage',
    path: ['gate', 'coverage'],
    form: 'pairs',
    describe: 'RULE=PERCENT: minimum share of binaries that must pass (repeatable)',
    group: 'Policy:',
  },
  {
    name: 'maximum',
    path: ['gate', 'maximum'],
    form: 'pairs',
    describe: 'SEVERITY=COUNT or RULE=COUNT: maximum number of findings (repeatable)',
    group: 'Policy:',
  },
  {
    name: 'allow-empty',
    path: ['gate', 'allow-empty'],
    form: 'truth',
    describe: 'Succeed when there is nothing to scan',
    group: 'Policy:',
  },
  {
    name: 'strict-policy',
    path: ['gate', 'strict-policy'],
    form: 'truth',
    describe:
      'Refuse waivers past their end or beyond limits; entries of the policy without a use break the gate',
    group: 'Policy:',
  },
  {
    name: 'yours',
    path: ['yours'],
    form: 'list',
    describe: 'Files that you build: a package, maintainer, purl, path or digest (repeatable)',
    group: 'Policy:',
  },
  {
    name: 'baseline',
    path: ['baseline'],
    form: 'text',
    describe: 'Baseline file: only findings that are not in it count',
    group: 'Policy:',
  },
  {
    name: 'exclude',
    path: ['exclude'],
    form: 'list',
    describe: 'Glob of paths in the image to leave out (repeatable)',
    group: 'Scan:',
  },
  {
    name: 'jobs',
    path: ['limits', 'jobs'],
    form: 'number',
    describe: 'Number of layers and files processed in parallel (default: one per core)',
    group: 'Scan:',
  },
  ...Object.entries(limitSettings).map(([name, { limit, form, describe }]) => ({
    name,
    path: ['limits', name] as const,
    form: form === 'size' ? ('text' as const) : ('number' as const),
    describe: `${describe} (default: ${form === 'size' ? shortSize(defaultLimits[limit]) : defaultLimits[limit]})`,
    group: null,
  })),
];
