// supporting: which settings of policy are options and variables too
import { defaultLimits, limitSettings } from '../limits.ts';
import { shortSize } from './parse-size.ts';

/** A setting that can be given outside of a file, under one name in three spellings. */
export interface PolicyOption {
  /** As `fail-on`: `--fail-on`, `HULLCHECK_FAIL_ON`. */
  readonly name: string;
  /** Where it stands in a configuration. */
  readonly path: readonly string[];
  /** `pairs` are `NAME=VALUE`. */
  readonly form: 'text' | 'list' | 'pairs' | 'number' | 'truth';
  readonly describe: string;
}

export const policyOptions: readonly PolicyOption[] = [
  {
    name: 'profile',
    path: ['profile'],
    form: 'text',
    describe: 'What binaries are judged by (default: auto); hullcheck profiles lists them',
  },
  {
    name: 'gate-of',
    path: ['gate', 'of'],
    form: 'text',
    describe: 'Whose files count in the gate: yours (default), dependencies too, or all',
  },
  {
    name: 'fail-on',
    path: ['gate', 'fail-on'],
    form: 'list',
    describe:
      'Least severity that breaks the gate: critical, high (default), medium, low, note or none; or a rule (repeatable)',
  },
  {
    name: 'fail-on-unknown',
    path: ['gate', 'fail-on-unknown'],
    form: 'truth',
    describe: 'An unknown verdict breaks the gate',
  },
  {
    name: 'coverage',
    path: ['gate', 'coverage'],
    form: 'pairs',
    describe: 'RULE=PERCENT: least share of binaries that must pass (repeatable)',
  },
  {
    name: 'maximum',
    path: ['gate', 'maximum'],
    form: 'pairs',
    describe: 'SEVERITY=COUNT or RULE=COUNT: most findings (repeatable)',
  },
  {
    name: 'allow-empty',
    path: ['gate', 'allow-empty'],
    form: 'truth',
    describe: 'Nothing to scan is no reason for exit code 3',
  },
  {
    name: 'yours',
    path: ['yours'],
    form: 'list',
    describe:
      'What you build, whatever brings it: package, maintainer, purl, path or digest (repeatable)',
  },
  {
    name: 'baseline',
    path: ['baseline'],
    form: 'text',
    describe: 'Count only findings that this file does not have',
  },
  {
    name: 'exclude',
    path: ['exclude'],
    form: 'list',
    describe: 'Leave out paths in the image that match this glob (repeatable)',
  },
  {
    name: 'jobs',
    path: ['limits', 'jobs'],
    form: 'number',
    describe: 'Layers and files worked on in parallel (default: one for each core)',
  },
  ...Object.entries(limitSettings).map(([name, { limit, form, describe }]) => ({
    name,
    path: ['limits', name] as const,
    form: form === 'size' ? ('text' as const) : ('number' as const),
    describe: `${describe} (default: ${form === 'size' ? shortSize(defaultLimits[limit]) : defaultLimits[limit]})`,
  })),
];
