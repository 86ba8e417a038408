import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { UsageError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { reporters } from '../../reporters/index.ts';
import { type ToolchainName, toolchainNames } from '../../reporters/remedies/toolchain.ts';
import type { RenderOptions } from '../../reporters/reporter.ts';
import type { HelpGroup } from '../help-pages/help-groups.ts';

export function withOutputOptions<T>(parser: Argv<T>) {
  const formats = Object.keys(reporters).join(', ');
  return withPlaceOptions(withToolchain(parser))
    .option('output', {
      group: 'Output:' satisfies HelpGroup,
      alias: 'o',
      string: true,
      array: true,
      requiresArg: true,
      describe: `FORMAT[=FILE] (default: text; repeatable); formats: ${formats}`,
    })
    .option('all', {
      group: 'Output:' satisfies HelpGroup,
      boolean: true,
      default: false,
      describe: 'Show all verdicts, not only findings',
    })
    .option('packages', {
      group: 'Output:' satisfies HelpGroup,
      boolean: true,
      default: false,
      describe: 'Show all distribution packages that have findings',
    })
    .option('group-by', {
      group: 'Output:' satisfies HelpGroup,
      choices: ['file', 'rule', 'package', 'layer'] as const,
      requiresArg: true,
      describe: 'Show all findings, grouped by file, rule, package or layer',
    })
    .option('explain-gate', {
      group: 'Output:' satisfies HelpGroup,
      boolean: true,
      default: false,
      describe:
        'Show why the gate holds or is broken and what would change it, instead of the report',
    })
    .option('facts', {
      group: 'Output:' satisfies HelpGroup,
      boolean: true,
      default: false,
      describe: 'Write all facts to json and jsonl, not only those that other commands need',
    })
    .option('verbose', {
      group: 'Output:' satisfies HelpGroup,
      alias: 'v',
      boolean: true,
      default: false,
      describe: 'Show the evidence, and print each step to standard error',
    })
    .option('sarif-suppressions', {
      group: 'Code scanning:' satisfies HelpGroup,
      boolean: true,
      default: false,
      describe:
        'Include waived and baselined findings as suppressions (GitHub ignores suppressions)',
    });
}

function withToolchain<T>(parser: Argv<T>) {
  return parser.option('toolchain', {
    group: 'Output:' satisfies HelpGroup,
    choices: [...toolchainNames, 'alpine'] as const,
    requiresArg: true,
    describe: 'Toolchain to show fixes for (default: read from the files)',
  });
}

/** Where alerts point to. */
function withPlaceOptions<T>(parser: Argv<T>) {
  return parser
    .option('sarif-location', {
      group: 'Code scanning:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe: 'FILE[:LINE] that all alerts point to, e.g. Dockerfile:1',
    })
    .option('sarif-root', {
      group: 'Code scanning:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe:
        'Root folder of the repository, for the paths of alerts (default: from GitHub Actions or GitLab)',
    })
    .option('dockerfile', {
      group: 'Code scanning:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe:
        'Dockerfile whose instructions alerts point to (default: the one next to the configuration file)',
    });
}

/** For a command with formats of its own. */
export function withFormatOptions<T>(parser: Argv<T>, formats: readonly string[]) {
  return parser
    .option('output', {
      alias: 'o',
      string: true,
      array: true,
      requiresArg: true,
      group: 'Output:' satisfies HelpGroup,
      describe: `FORMAT[=FILE] (default: text; repeatable); formats: ${formats.join(', ')}`,
    })
    .option('all', {
      boolean: true,
      default: false,
      group: 'Output:' satisfies HelpGroup,
      describe: 'Do not shorten long lists',
    });
}

/** For a comparison of two reports. */
export function withDiffOptions<T>(parser: Argv<T>, formats: readonly string[]) {
  return withPlaceOptions(withToolchain(withFormatOptions(parser, formats))).option(
    'sarif-absent',
    {
      group: 'Code scanning:' satisfies HelpGroup,
      boolean: true,
      default: false,
      describe: 'Include findings that are gone as absent (GitHub would open alerts for them)',
    },
  );
}

/** The options as yargs read them. */
export interface OutputArguments {
  readonly output: readonly string[] | undefined;
  readonly all: boolean;
  readonly verbose: boolean;
  readonly packages: boolean;
  readonly explainGate: boolean;
  readonly facts: boolean;
  readonly groupBy: RenderOptions['groupBy'] | undefined;
  readonly toolchain: ToolchainName | 'alpine' | undefined;
  readonly sarifLocation: string | undefined;
  readonly sarifRoot: string | undefined;
  readonly dockerfile: string | undefined;
  readonly sarifSuppressions: boolean;
}

export interface DiffOutputArguments
  extends Pick<
    OutputArguments,
    'output' | 'all' | 'toolchain' | 'sarifLocation' | 'sarifRoot' | 'dockerfile'
  > {
  readonly sarifAbsent: boolean;
}

/** Where one rendering goes: a file, or null for standard output. */
export interface Destination {
  readonly format: string;
  readonly path: string | null;
}

/** Throws UsageError for an unknown format, a file that cannot be written, and two outputs to the same place. */
export function readDestinations(
  outputs: readonly string[],
  cwd: string,
  formats: readonly string[],
): readonly Destination[] {
  const destinations = outputs.map((output) => readDestination(output, cwd, formats));
  const paths = destinations.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice === undefined) return destinations;
  throw new UsageError(
    `two outputs go to ${twice ?? 'standard output'}: write one of them to a file, e.g. -o json=FILE`,
  );
}

function readDestination(output: string, cwd: string, formats: readonly string[]): Destination {
  const [, format = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(output) ?? [];
  if (!formats.includes(format)) throw new UsageError(noSuchFormat(format, formats));
  if (file === '') throw new UsageError(`-o ${output} does not name a file`);
  const path = file === undefined || file === '-' ? null : resolve(cwd, file);
  if (path !== null && !isFolder(dirname(path)))
    throw new UsageError(`cannot write ${file}: there is no folder ${dirname(path)}`);
  return { format, path };
}

function noSuchFormat(format: string, formats: readonly string[]): string {
  const suggestion = nearest(format, formats);
  const rest =
    suggestion === null
      ? `, expected one of ${formats.join(', ')}`
      : `; did you mean ${suggestion}?`;
  return `there is no format ${format}${rest}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Throws UsageError: a viewer would refuse a file outside the repository. */
export function readLocation(text: string | undefined): RenderOptions['alertLocation'] {
  if (text === undefined) return null;
  const [, given = '', line = '1'] = /^(.*?)(?::(\d{1,7}))?$/s.exec(text) ?? [];
  const file = given.replace(/^(?:\.\/)+/, '');
  const outside = file === '' || file.startsWith('/') || file.split('/').includes('..');
  if (!outside && Number(line) > 0) return { file, line: Number(line) };
  throw new UsageError(
    `--sarif-location is ${text}, expected FILE[:LINE] with FILE relative to the repository`,
  );
}
