// supporting: `-o FORMAT[=FILE]`, and how a report leaves the process
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import type { Report } from '../report.ts';
import { reporters } from '../reporters/index.ts';
import type { RenderOptions, Reporter } from '../reporters/reporter.ts';
import type { Rule } from '../rule.ts';
import type { Output, Surroundings } from './command.ts';
import { nearest } from './nearest.ts';
import { inChunks, writeOutputFile } from './output-file.ts';

/** Declares everything that decides how a report looks and where it goes. */
export function withOutputOptions<T>(parser: Argv<T>) {
  return parser
    .option('output', {
      alias: 'o',
      string: true,
      array: true,
      requiresArg: true,
      describe: `FORMAT[=FILE], repeatable. Formats: ${Object.keys(reporters).join(', ')} (default: text)`,
    })
    .option('all', {
      boolean: true,
      default: false,
      describe: 'Show every verdict, not only what must be acted on',
    })
    .option('sarif-location', {
      string: true,
      requiresArg: true,
      describe: 'FILE[:LINE] where code scanning shows its alerts, as Dockerfile:1',
    });
}

/** Where one rendering goes: a file, or null for standard output. */
export interface Destination {
  readonly reporter: Reporter;
  readonly path: string | null;
}

/** Settles formats and files before any work is done. Throws UsageError. */
export async function readDestinations(
  outputs: readonly string[] | undefined,
  cwd: string,
): Promise<readonly Destination[]> {
  const destinations = await Promise.all(
    (outputs ?? ['text']).map((output) => readDestination(output, cwd)),
  );
  const paths = destinations.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined)
    throw new UsageError(
      `two outputs go to ${twice ?? 'standard output'}: give one of them a file, as -o json=FILE`,
    );
  return destinations;
}

async function readDestination(output: string, cwd: string): Promise<Destination> {
  const [, format = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(output) ?? [];
  const load = Object.hasOwn(reporters, format) ? reporters[format] : undefined;
  if (load === undefined) {
    const formats = Object.keys(reporters);
    const suggestion = nearest(format, formats);
    throw new UsageError(
      `there is no format ${format}${suggestion === null ? `, expected one of ${formats.join(', ')}` : `; did you mean ${suggestion}?`}`,
    );
  }
  if (file === '') throw new UsageError(`-o ${output} names no file`);
  const path = file === undefined || file === '-' ? null : resolve(cwd, file);
  if (path !== null && !isFolder(dirname(path)))
    throw new UsageError(`cannot write ${file}: there is no folder ${dirname(path)}`);
  return { reporter: await load(), path };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** What the user said of the look of reports. */
export interface Look {
  readonly all: boolean;
  readonly sarifLocation: string | undefined;
}

/** Writes every output. The gate's sentence goes to standard error when no output goes to standard output. */
export async function writeReport(
  report: Report,
  destinations: readonly Destination[],
  look: Look,
  rules: readonly Rule[],
  surroundings: Surroundings,
): Promise<void> {
  const alertLocation = readLocation(look.sarifLocation);
  const { stdout, env } = surroundings;
  for (const { reporter, path } of destinations) {
    const common = { all: look.all, rules, alertLocation };
    if (path === null) {
      const options = {
        ...common,
        color: allowsColor(stdout, env),
        width: stdout.isTty ? stdout.columns : 80,
      };
      await writePieces(stdout, reporter.render(report, options));
    } else {
      const options: RenderOptions = { ...common, color: false, width: 80 };
      await writeOutputFile(path, reporter.render(report, options));
    }
  }
}

async function writePieces(output: Output, pieces: Iterable<string>): Promise<void> {
  for (const chunk of inChunks(pieces)) await output.write(chunk);
}

/** https://no-color.org, and FORCE_COLOR as chalk and Node have it. */
export function allowsColor({ isTty }: Output, env: Surroundings['env']): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR']) return false;
  return isTty && env['TERM'] !== 'dumb';
}

/** `FILE[:LINE]`. Throws UsageError. */
export function readLocation(text: string | undefined): RenderOptions['alertLocation'] {
  if (text === undefined) return null;
  const [, file = '', line = '1'] = /^(.*?)(?::(\d{1,7}))?$/s.exec(text) ?? [];
  const relative = file.replace(/^(?:\.\/)+/, '');
  if (
    relative === '' ||
    relative.startsWith('/') ||
    relative.split('/').includes('..') ||
    Number(line) < 1
  ) {
    throw new UsageError(
      `--sarif-location is ${text}, expected FILE[:LINE] with FILE relative to the repository`,
    );
  }
  return { file: relative, line: Number(line) };
}
