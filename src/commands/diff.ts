import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import { exitCodes } from '../policy/exit-code.ts';
import { escapeText } from '../reporters/escape.ts';
import type { Command, Surroundings } from './command.ts';
import { reportOf } from './report-of.ts';
import { type RawScanOptions, readScanOptions, withScanOptions } from './scan-options.ts';
import { readSettings } from './settings.ts';
import { terminalLook } from './terminal-look.ts';

const diff: Command = {
  name: 'diff',
  register: (parser, surroundings, finish) => {
    parser.command(
      'diff <old> <new>',
      'Compare two images, or saved reports of them: what became worse?',
      describeOptions,
      async ({ old, new: fresh, ...args }) => finish(await run(old, fresh, args, surroundings)),
    );
  },
};
export default diff;

const formats = ['text', 'json', 'markdown'] as const;

function describeOptions(parser: Argv) {
  return withScanOptions(
    parser
      .positional('old', { type: 'string', demandOption: true, describe: 'Image, or JSON report' })
      .positional('new', { type: 'string', demandOption: true, describe: 'Image, or JSON report' }),
  )
    .hide('baseline')
    .option('format', {
      alias: 'o',
      choices: formats,
      default: 'text' as const,
      requiresArg: true,
      describe: 'How to show it',
    })
    .option('all', { boolean: true, default: false, describe: 'Show long lists whole' })
    .example('$0 diff app-1.0.json app.tar', 'A saved report against a new image')
    .epilogue(
      'Exit codes: 0 nothing became worse, 1 something did, at or above --fail-on, 2 usage, 3 not scanned whole.',
    );
}

interface Arguments extends RawScanOptions {
  readonly format: (typeof formats)[number];
  readonly all: boolean;
}

async function run(
  old: string,
  fresh: string,
  args: Arguments,
  surroundings: Surroundings,
): Promise<number> {
  if (Array.isArray(args.format)) throw new UsageError('--format was given more than once');
  const { rules } = await import('../../rules/index.ts');
  const settings = readSettings(args, surroundings, rules, [old, fresh]);
  for (const warning of settings.warnings)
    await surroundings.stderr.write(`hullcheck: ${escapeText(warning)}\n`);
  // Known findings are no change: a baseline would only hide which side has them.
  const policy = { ...settings.policy, baseline: null };
  const options = { ...readScanOptions(args, rules, settings), policy };
  const before = await reportOf(old, surroundings.cwd, options);
  const after = await reportOf(fresh, surroundings.cwd, options);
  const { compareReports } = await import('../diff/compare-reports.ts');
  const { diffGateOf } = await import('../diff/diff-gate.ts');
  const { diffFormats } = await import('../diff/render.ts');
  const difference = compareReports(before, after);
  const gate = diffGateOf(difference, policy.gate);
  const look = { ...terminalLook(surroundings), all: args.all };
  for (const piece of diffFormats[args.format](difference, gate, look))
    await surroundings.stdout.write(piece);
  return exitCodes[gate.state];
}
