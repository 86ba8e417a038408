// supporting: what `scan` may be asked, and the checks of it
import { availableParallelism } from 'node:os';
import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import { defaultLimits, type Limits, limitSettings } from '../limits.ts';
import { nearest } from '../nearest.ts';
import type { LimitsConfig } from '../policy/config/config.ts';
import type { Rule } from '../rule.ts';
import type { ScanOptions } from '../scan.ts';
import { parseSize } from './parse-size.ts';
import { type PolicyArguments, withPolicyOptions } from './policy-options.ts';
import type { Settings } from './settings.ts';

/** Declares everything that decides what is scanned and how it is judged, but for the options of policy named. */
export function withScanOptions<T>(parser: Argv<T>, without: readonly string[] = []) {
  return withPolicyOptions(parser, without)
    .option('rule', {
      string: true,
      array: true,
      requiresArg: true,
      describe: 'Judge by this rule only (repeatable)',
    })
    .option('platform', {
      string: true,
      requiresArg: true,
      describe: 'Image of a multi-platform index: os/arch[/variant], or all',
    });
}

/** The options as yargs read them: checked for their names, not yet for their values. */
export interface RawScanOptions extends PolicyArguments {
  readonly rule: readonly string[] | undefined;
  readonly platform: string | undefined;
}

/** Throws UsageError for a value that makes no sense. */
export function readScanOptions(
  raw: RawScanOptions,
  rules: readonly Rule[],
  { config, policy }: Settings,
): Omit<ScanOptions, 'onProgress'> {
  if (Array.isArray(raw.platform)) throw new UsageError('--platform was given more than once');
  return {
    policy,
    rules: raw.rule === undefined ? rules : chooseRules(raw.rule, rules),
    exclude: config.exclude ?? [],
    platform: raw.platform ?? null,
    jobs: config.limits?.jobs ?? availableParallelism(),
    limits: limitsOf(config.limits ?? {}),
  };
}

/** The rule of this id. Throws UsageError with the nearest one. */
export function findRule(id: string, rules: readonly Rule[]): Rule {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return rule;
  const suggestion = nearest(
    id,
    rules.map((candidate) => candidate.id),
  );
  throw new UsageError(
    `there is no rule ${id}${suggestion === null ? '; hullcheck rules lists them' : `; did you mean ${suggestion}?`}`,
  );
}

function chooseRules(ids: readonly string[], rules: readonly Rule[]): readonly Rule[] {
  const chosen = new Set(ids.map((id) => findRule(id, rules)));
  return rules.filter((rule) => chosen.has(rule));
}

function limitsOf(given: LimitsConfig): Limits {
  const values = Object.entries(limitSettings).map(([option, { limit }]) => {
    const value = Object.entries(given).find(([name]) => name === option)?.[1];
    if (value === undefined) return [limit, defaultLimits[limit]];
    return [limit, typeof value === 'string' ? parseSize(option, value) : value];
  });
  // Every limit has its setting: a test compares the two.
  return Object.fromEntries(values) as unknown as Limits;
}
