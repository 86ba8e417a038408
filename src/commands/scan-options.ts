// supporting: what `scan` may be asked, and the checks of it
import { availableParallelism } from 'node:os';
import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { nearest } from '../nearest.ts';
import { plainPolicy } from '../policy/policy.ts';
import type { Rule } from '../rule.ts';
import type { ScanOptions } from '../scan.ts';
import { severities } from '../verdict.ts';
import { parseSize } from './parse-size.ts';

const gates = [...severities, 'none'] as const;

/** Declares everything that decides what is scanned and how it is judged. */
export function withScanOptions<T>(parser: Argv<T>) {
  return parser
    .option('fail-on', {
      choices: gates,
      default: 'high' as const,
      requiresArg: true,
      describe:
        'Least severity that breaks the gate: critical, high (default), medium, low, note or none',
    })
    .option('rule', {
      string: true,
      array: true,
      requiresArg: true,
      describe: 'Judge by this rule only (repeatable)',
    })
    .option('exclude', {
      string: true,
      array: true,
      requiresArg: true,
      describe: 'Leave out paths in the image that match this glob (repeatable)',
    })
    .option('platform', {
      string: true,
      requiresArg: true,
      describe: 'Image of a multi-platform index: os/arch[/variant], or all',
    })
    .option('jobs', {
      string: true,
      requiresArg: true,
      describe: 'Layers and files worked on side by side (default: one for each core)',
    })
    .option('max-file-size', {
      string: true,
      requiresArg: true,
      describe: 'Largest ELF file that is read, as 512M (default) or 2G',
    })
    .option('max-entries', {
      string: true,
      requiresArg: true,
      describe: 'Most entries read of one layer (default: 1000000)',
    })
    .option('max-size', {
      string: true,
      requiresArg: true,
      describe: 'Largest uncompressed layer that is read, as 32G (default)',
    });
}

/** The options as yargs read them: checked for their names, not yet for their values. */
export interface RawScanOptions {
  readonly failOn: (typeof gates)[number];
  readonly rule: readonly string[] | undefined;
  readonly exclude: readonly string[] | undefined;
  readonly platform: string | undefined;
  readonly jobs: string | undefined;
  readonly maxFileSize: string | undefined;
  readonly maxEntries: string | undefined;
  readonly maxSize: string | undefined;
}

/** Options that yargs turns into lists when they are repeated. */
const single = ['failOn', 'platform', 'jobs', 'maxFileSize', 'maxEntries', 'maxSize'] as const;

/** Throws UsageError for a value that makes no sense. */
export function readScanOptions(
  raw: RawScanOptions,
  rules: readonly Rule[],
): Omit<ScanOptions, 'onProgress'> {
  for (const name of single) {
    if (Array.isArray(raw[name])) throw new UsageError(`${flag(name)} was given more than once`);
  }
  return {
    policy: plainPolicy({ failOn: raw.failOn }),
    rules: raw.rule === undefined ? rules : chooseRules(raw.rule, rules),
    exclude: raw.exclude ?? [],
    platform: raw.platform ?? null,
    jobs: raw.jobs === undefined ? availableParallelism() : parseCount('--jobs', raw.jobs),
    limits: readLimits(raw),
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

function readLimits({ maxFileSize, maxEntries, maxSize }: RawScanOptions): Limits {
  return {
    ...defaultLimits,
    ...(maxFileSize === undefined
      ? {}
      : { maxFileSize: parseSize('--max-file-size', maxFileSize) }),
    ...(maxEntries === undefined ? {} : { maxEntries: parseCount('--max-entries', maxEntries) }),
    ...(maxSize === undefined ? {} : { maxLayerSize: parseSize('--max-size', maxSize) }),
  };
}

function parseCount(option: string, text: string): number {
  const count = /^\d{1,12}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new UsageError(`${option} is ${text}, expected a whole number from 1`);
  return count;
}

function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
