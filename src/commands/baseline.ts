import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { UsageError } from '../base/errors.ts';
import { readBaseline, writeBaseline } from '../policy/baseline/baseline-file.ts';
import { type BaselineEntry, namedIn } from '../policy/baseline/entry.ts';
import { limitedEntries } from '../policy/baseline/limits.ts';
import { type BaselineUpdate, type Pruning, pruned, updateOf } from '../policy/baseline/update.ts';
import type { BaselineLimits } from '../policy/config/config.ts';
import type { Placed } from '../policy/config/node-shapes.ts';
import type { Command, Surroundings } from './command.ts';
import { baselineSummary, pruneSummary, type SummaryOptions } from './output/baseline-summary.ts';
import {
  type AcceptArguments,
  acceptanceFrom,
  demandCounting,
  shortSummary,
} from './output/baseline-update.ts';
import { loadReport } from './output/report-of.ts';
import { writeOutput } from './output/write-output.ts';
import { enforceLocksOnOptions } from './settings/locked-options.ts';
import { readSettings } from './settings/settings.ts';

const baseline: Command = {
  name: 'baseline',
  usage: 'baseline [update] <report>',
  summary: 'Write or update a baseline from a saved report',
  topic: 'Policy',
  register: (parser, surroundings, finish) => {
    parser.command(
      'baseline <words..>',
      baseline.summary,
      describeOptions,
      async ({ words, ...args }) => {
        await run(words.map(String), args, surroundings);
        finish(0);
      },
    );
  },
};
export default baseline;

function describeOptions(parser: Argv) {
  return parser
    .usage(`hullcheck ${baseline.usage}\n\n${baseline.summary}`)
    .positional('words', {
      type: 'string',
      array: true,
      demandOption: true,
      describe:
        'Report written by -o json; after the word update, for the baseline of the configuration',
    })
    .option('to', {
      string: true,
      requiresArg: true,
      describe:
        'File to write (default: standard output; of update, the baseline of the configuration)',
    })
    .option('dry-run', {
      boolean: true,
      default: false,
      describe: 'Only show what would be accepted, and what no longer occurs',
    })
    .option('prune', {
      boolean: true,
      default: false,
      describe: 'Of update: only take out what no longer occurs, and accept nothing',
    })
    .option('owner', {
      string: true,
      requiresArg: true,
      describe: 'Who answers for entries that are new',
    })
    .option('reason', {
      string: true,
      requiresArg: true,
      describe: 'Why they are accepted',
    })
    .option('expires', {
      string: true,
      requiresArg: true,
      describe: 'Their last day, e.g. 2030-12-31 or 90d from today',
    })
    .example('$0 baseline app.json --to known.json', 'From now on, only new findings count')
    .example('$0 baseline update app.json --dry-run', 'What the next release would accept')
    .example('$0 baseline update app.json --prune', 'Fewer entries, and no new ones')
    .epilogue(
      'If FILE is a baseline already, entries that are still true keep who accepted them and when, and those of findings that no longer occur are left out. A summary goes to standard error. hullcheck IMAGE --baseline FILE --update-baseline does the same after a scan.',
    );
}

interface Arguments extends AcceptArguments {
  readonly to: string | undefined;
  readonly dryRun: boolean;
  readonly prune: boolean;
}

async function run(
  words: readonly string[],
  { to, dryRun, prune, ...accept }: Arguments,
  surroundings: Surroundings,
): Promise<void> {
  const { cwd, today, stdout, stderr } = surroundings;
  if (prune) demandPrunable(words, accept);
  const given = acceptanceFrom(accept, today);
  const { report, path, name, limits, rules } = await readWords(words, to, surroundings);
  if (prune && (path === null || !existsSync(path)))
    throw new UsageError(`baseline update --prune: ${name} does not exist`);
  const before = path === null || !existsSync(path) ? [] : readBefore(path, name ?? '', rules);
  const { targets, gate } = await loadReport(report, cwd);
  const known = limitedEntries(before, limits, today);
  const asked = { namedRules: namedIn(gate), today };
  const look = { name, isDry: dryRun, most: dryRun ? Number.POSITIVE_INFINITY : shortSummary };
  const { baseline, summary, isAccepting } = prune
    ? pruningOf(pruned(known, targets, asked), look)
    : updatingOf(updateOf(known, targets, { ...asked, accept: given }), look);
  if (dryRun) return writeOutput(null, summary, { stdout });
  if (isAccepting) demandCounting(given, { limits, today });
  await writeOutput(path, writeBaseline(baseline), { stdout });
  await stderr.write([...summary].join(''));
}

/** Throws UsageError for what only new entries have. */
function demandPrunable(words: readonly string[], accept: AcceptArguments): void {
  if (words[0] !== 'update') throw new UsageError('--prune is of baseline update');
  for (const name of ['owner', 'reason', 'expires'] as const)
    if (accept[name] !== undefined)
      throw new UsageError(`--prune accepts nothing, so --${name} says nothing`);
}

function pruningOf(pruning: Pruning, look: SummaryOptions) {
  const summary = pruneSummary(pruning, look);
  return { baseline: pruning.baseline, summary, isAccepting: false };
}

function updatingOf(update: BaselineUpdate, look: SummaryOptions) {
  const summary = baselineSummary(update, look);
  return { baseline: update.baseline, summary, isAccepting: update.accepted.length > 0 };
}

interface Updated {
  readonly report: string;
  /** null: standard output. */
  readonly path: string | null;
  /** As the user calls it. */
  readonly name: string | null;
  readonly limits: readonly Placed<BaselineLimits>[];
  /** IDs. */
  readonly rules: readonly string[];
}

/**
 * An update is of the baseline that the configuration names. Limits of the policy in force bind every baseline: entries that are beyond
 * them would look accepted, and count at the next scan. Throws UsageError.
 */
async function readWords(
  words: readonly string[],
  to: string | undefined,
  surroundings: Surroundings,
): Promise<Updated> {
  const { cwd } = surroundings;
  const [first = '', report] = words;
  if (words.length > 2 || (report !== undefined && first !== 'update'))
    throw new UsageError('baseline takes one report, or the word update and one');
  const given = to === undefined ? null : resolve(cwd, to);
  const settings = await readSettings({ updateBaseline: true }, surroundings);
  const { baselineLimits: limits = [] } = settings.config;
  const rules = settings.rules.ids;
  if (report === undefined) return { report: first, path: given, name: to ?? null, limits, rules };
  enforceLocksOnOptions(settings, { rewritesBaseline: true });
  const path = given ?? settings.baselineFile;
  if (path === null)
    throw new UsageError('baseline update: no configuration names a baseline; --to FILE does');
  const { baseline: name = path } = settings.config;
  return { report, path, name: to ?? name, limits, rules };
}

/** Throws UsageError for a file of another kind, which is not written over. */
function readBefore(
  path: string,
  name: string,
  rules: readonly string[],
): readonly BaselineEntry[] {
  try {
    return readBaseline(readFileSync(path, 'utf8'), rules);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name}: ${error.message}`) : error;
  }
}
