// supporting: `-o FORMAT[=FILE]` and the other options of how a report looks
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { reporters } from '../reporters/index.ts';
import { type ToolchainName, toolchainNames } from '../reporters/remedies/toolchain.ts';
import type { RenderOptions } from '../reporters/reporter.ts';

export function withOutputOptions<T>(parser: Argv<T>) {
  const formats = Object.keys(reporters).join(', ');
  return parser
    .option('output', {
      alias: 'o',
      string: true,
      array: true,
      requiresArg: true,
      describe: `FORMAT[=FILE], repeatable (default: text). Formats: ${formats}`,
    })
    .option('all', {
      boolean: true,
      default: false,
      describe: 'Show every verdict, not only what must be acted on',
    })
    .option('packages', {
      boolean: true,
      default: false,
      describe: 'Show every package of the distribution that has findings',
    })
    .option('group-by', {
      choices: ['file', 'rule', 'package', 'layer'] as const,
      requiresArg: true,
      describe: 'Show all findings file by file, or by rule, package or layer',
    })
    .option('explain-gate', {
      boolean: true,
      default: false,
      describe: 'Show why the gate broke or held, and what would change it, in place of the report',
    })
    .option('toolchain', {
      choices: toolchainNames,
      requiresArg: true,
      describe: 'What you build with, for the remedies (default: what the files show)',
    })
    .option('verbose', {
      alias: 'v',
      boolean: true,
      default: false,
      describe: 'Show the evidence, and a line on standard error for each step',
    })
    .option('sarif-location', {
      string: true,
      requiresArg: true,
      describe: 'FILE[:LINE] where code scanning shows its alerts, as Dockerfile:1',
    })
    .option('sarif-root', {
      string: true,
      requiresArg: true,
      describe:
        'Folder of the repository, from which alerts are located (default: that of GitHub Actions or GitLab)',
    })
    .option('dockerfile', {
      string: true,
      requiresArg: true,
      describe:
        'Dockerfile of the image, at whose instructions alerts stand (default: the one beside the configuration)',
    })
    .option('sarif-suppressions', {
      boolean: true,
      default: false,
      describe: 'SARIF with waived and baselined findings, marked so; not for GitHub',
    });
}

/** The options as yargs read them. */
export interface OutputArguments {
  readonly output: readonly string[] | undefined;
  readonly all: boolean;
  readonly verbose: boolean;
  readonly packages: boolean;
  readonly explainGate: boolean;
  readonly groupBy: RenderOptions['groupBy'] | undefined;
  readonly toolchain: ToolchainName | undefined;
  readonly sarifLocation: string | undefined;
  readonly sarifRoot: string | undefined;
  readonly dockerfile: string | undefined;
  readonly sarifSuppressions: boolean;
}

/** Where one rendering goes: a file, or null for standard output. */
export interface Destination {
  readonly format: string;
  readonly path: string | null;
}

/** Throws UsageError for a format that does not exist, a file that cannot be, and two outputs to one place. */
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
    `two outputs go to ${twice ?? 'standard output'}: give one of them a file, as -o json=FILE`,
  );
}

function readDestination(output: string, cwd: string, formats: readonly string[]): Destination {
  const [, format = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(output) ?? [];
  if (!formats.includes(format)) throw new UsageError(noSuchFormat(format, formats));
  if (file === '') throw new UsageError(`-o ${output} names no file`);
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
