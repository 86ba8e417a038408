import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ruleIds } from '../../rules/ids.ts';
import { UsageError } from '../base/errors.ts';
import { readBaseline, writeBaseline } from '../policy/baseline/baseline-file.ts';
import { type BaselineEntry, namedIn } from '../policy/baseline/entry.ts';
import { updatedBaseline } from '../policy/baseline/update.ts';
import type { Command, Surroundings } from './command.ts';
import { type AcceptArguments, acceptanceFrom } from './output/baseline-update.ts';
import { loadReport } from './output/report-of.ts';
import { writeOutput } from './output/write-output.ts';

const baseline: Command = {
  name: 'baseline',
  usage: 'baseline <report>',
  summary: 'Write a baseline from a saved report',
  topic: 'Policy',
  register: (parser, surroundings, finish) => {
    parser.command(
      baseline.usage,
      baseline.summary,
      (command) =>
        command
          .positional('report', {
            type: 'string',
            demandOption: true,
            describe: 'Report written by -o json',
          })
          .option('to', {
            string: true,
            requiresArg: true,
            describe: 'File to write (default: standard output)',
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
          .example(
            '$0 baseline app.json --to hullcheck-baseline.json',
            'From now on, only new findings count',
          )
          .epilogue(
            'If FILE is a baseline already, entries that are still true keep who accepted them and when. hullcheck IMAGE --baseline FILE --update-baseline does the same after a scan.',
          ),
      async ({ report, to, ...accept }) => {
        await run(report, to, accept, surroundings);
        finish(0);
      },
    );
  },
};
export default baseline;

async function run(
  file: string,
  to: string | undefined,
  accept: AcceptArguments,
  { cwd, today, stdout }: Surroundings,
): Promise<void> {
  const given = acceptanceFrom(accept, today);
  const path = to === undefined ? null : resolve(cwd, to);
  const before = path === null || !existsSync(path) ? [] : readBefore(path, to ?? '');
  const { targets, gate } = await loadReport(file, cwd);
  const updating = { namedRules: namedIn(gate), today, accept: given };
  const pieces = writeBaseline(updatedBaseline(before, targets, updating));
  await writeOutput(path, pieces, { stdout });
}

/** Throws UsageError for a file of another kind, which is not written over. */
function readBefore(path: string, name: string): readonly BaselineEntry[] {
  try {
    return readBaseline(readFileSync(path, 'utf8'), ruleIds);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name}: ${error.message}`) : error;
  }
}
