import type { Argv } from 'yargs';
import { amount } from '../base/amount.ts';
import { UsageError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { nearest } from '../base/nearest.ts';
import { isIncomplete } from '../base/problem.ts';
import { exitCodes } from '../policy/exit-code.ts';
import type { BinaryReport, Report } from '../report/report.ts';
import { inspection } from '../reporters/inspection/inspection.ts';
import type { Command, Surroundings } from './command.ts';
import { type HelpGroup, limitsHint } from './help-pages/help-groups.ts';
import { chosenRules, loadRules } from './options/chosen-rules.ts';
import { type RawScanOptions, readScanOptions, withScanOptions } from './options/scan-options.ts';
import { terminalLook } from './output/terminal-look.ts';
import { readSettings } from './settings/settings.ts';

const inspect: Command = {
  name: 'inspect',
  usage: 'inspect <file> [path]',
  summary: 'Show everything known about one binary',
  topic: 'Scan',
  register: (parser, surroundings, finish) => {
    parser.command(
      inspect.usage,
      inspect.summary,
      describeOptions,
      async ({ file, path, ...args }) => finish(await run(file, path, args, surroundings)),
    );
  },
};
export default inspect;

function describeOptions(parser: Argv) {
  return withScanOptions(
    parser
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'ELF file, or an image that contains it',
      })
      .positional('path', { type: 'string', describe: 'Path of the binary in the image' }),
  )
    .hide('fail-on')
    .option('all', {
      boolean: true,
      default: false,
      group: 'Output:' satisfies HelpGroup,
      describe: 'Do not shorten long lists',
    })
    .example('$0 inspect /bin/ls', 'Inspect a file')
    .example('$0 inspect app.tar /usr/bin/app', 'Inspect a binary in an image')
    .epilogue(
      `${limitsHint}\n\nExit codes: 0 success, 2 usage error or no such ELF file, 3 could not be read.`,
    );
}

async function run(
  file: string,
  path: string | undefined,
  args: RawScanOptions & { readonly all: boolean },
  surroundings: Surroundings,
): Promise<number> {
  const { scan } = await import('../scan/scan.ts');
  const settings = await readSettings(args, surroundings, [file]);
  const options = readScanOptions(args, settings.config, surroundings.cwd);
  const rules = await loadRules(chosenRules(args.rule, settings.rules.ids), settings.rules);
  const report = await scan([file], {
    ...options,
    judging: { rules, policy: settings.policy, allFacts: true, forInspection: true },
  });
  await reportProblems(report, surroundings);
  const found = findBinaries(report, path);
  if (found.length === 0) {
    if (mayBeUnread(report, path)) return exitCodes.undecided;
    throw new UsageError(notFound(report, file, path));
  }
  for (const binary of found) {
    for (const piece of inspection(binary, { ...terminalLook(surroundings), all: args.all }))
      await surroundings.stdout.write(piece);
  }
  return exitCodes.holds;
}

/** Whether the binary may be in a part that could not be read. Without a path, several binaries are ambiguous. */
function mayBeUnread({ targets }: Report, path: string | undefined): boolean {
  const isAnyMeant = path === undefined && targets.some(({ binaries }) => binaries.length > 0);
  return !isAnyMeant && targets.some(({ problems }) => problems.some(isIncomplete));
}

async function reportProblems({ targets }: Report, { stderr }: Surroundings): Promise<void> {
  for (const { where, message } of targets
    .flatMap(({ problems }) => problems)
    .filter(isIncomplete)) {
    await stderr.write(`hullcheck: ${escapeText(`${where}: ${message}`)}\n`);
  }
}

/** The binary at a path, in each target that has it; without a path, the only binary if there is just one. */
function findBinaries(report: Report, path: string | undefined): readonly BinaryReport[] {
  const all = report.targets.flatMap(({ binaries }) => binaries);
  if (path !== undefined)
    return all.filter((binary) => binary.path === path || binary.aliases.includes(path));
  return all.length === 1 ? all : [];
}

function notFound(report: Report, file: string, path: string | undefined): string {
  const paths = report.targets.flatMap(({ binaries }) => binaries.map((binary) => binary.path));
  if (paths.length === 0) return `${file} contains no ELF file`;
  if (path === undefined)
    return `${file} contains ${amount(paths.length, 'binary')}: give the path of one of them`;
  const suggestion = nearest(path, paths);
  return `${file} contains no binary ${path}${suggestion === null ? '' : `; did you mean ${suggestion}?`}`;
}
