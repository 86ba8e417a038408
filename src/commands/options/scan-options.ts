import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { UsageError } from '../../base/errors.ts';
import { defaultLimits, type Limits, limitSettings } from '../../base/limits.ts';
import { parseSize } from '../../base/parse-size.ts';
import type { Config, LimitsConfig } from '../../policy/config/config.ts';
import type { InputOptions, RunningOptions } from '../../scan/scan-options.ts';
import type { HelpGroup } from '../help-pages/help-groups.ts';
import { type PolicyArguments, withPolicyOptions } from './policy-options.ts';

/** Declares every option that decides what is scanned and how it is judged, except the policy options in `without`. */
export function withScanOptions<T>(parser: Argv<T>, without: readonly string[] = []) {
  return withPolicyOptions(parser, without)
    .option('rule', {
      group: 'Scan:' satisfies HelpGroup,
      string: true,
      array: true,
      requiresArg: true,
      describe: 'Check only this rule (repeatable)',
    })
    .option('debug-dir', {
      group: 'Scan:' satisfies HelpGroup,
      string: true,
      array: true,
      requiresArg: true,
      describe:
        'Folder of separate debug files, which decide what stripped files cannot (repeatable)',
    })
    .option('platform', {
      group: 'Scan:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe: 'Platform in a multi-platform image: os/arch[/variant], or all',
    });
}

/** The options as yargs read them: names are checked, values are not. */
export interface RawScanOptions extends PolicyArguments {
  readonly rule: readonly string[] | undefined;
  readonly platform: string | undefined;
  readonly debugDir: readonly string[] | undefined;
}

/** Throws UsageError for a value that makes no sense. */
export function readScanOptions(
  raw: RawScanOptions,
  config: Config,
  cwd: string,
): { readonly input: InputOptions; readonly running: RunningOptions } {
  if (Array.isArray(raw.platform)) throw new UsageError('--platform was given more than once');
  return {
    input: {
      platform: raw.platform ?? null,
      exclude: config.exclude ?? [],
      limits: limitsOf(config.limits ?? {}),
      ...debugFoldersOf(raw.debugDir, cwd),
    },
    running: { jobs: config.limits?.jobs ?? availableParallelism() },
  };
}

function debugFoldersOf(
  folders: readonly string[] | undefined,
  cwd: string,
): Pick<InputOptions, 'debugFolders'> {
  if (folders === undefined) return {};
  if (folders.includes('')) throw new UsageError('--debug-dir needs the name of a folder');
  return { debugFolders: folders.map((folder) => resolve(cwd, folder)) };
}

function limitsOf(given: LimitsConfig): Limits {
  const values = Object.entries(limitSettings).map(([option, { limit }]) => {
    const value = Object.entries(given).find(([name]) => name === option)?.[1];
    if (value === undefined) return [limit, defaultLimits[limit]];
    return [limit, typeof value === 'string' ? parseSize(option, value) : value];
  });
  // Every limit has a setting: a test compares the two.
  return Object.fromEntries(values) as unknown as Limits;
}
