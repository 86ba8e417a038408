import { resolve } from 'node:path';
import { baselineOf } from '../policy/baseline.ts';
import { writeBaseline } from '../policy/baseline-file.ts';
import type { Command, Surroundings } from './command.ts';
import { inChunks, writeOutputFile } from './output/output-file.ts';
import { loadReport } from './output/report-of.ts';

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
          .example(
            '$0 baseline app.json --to hullcheck-baseline.json',
            'From now on, only new findings count',
          )
          .epilogue(
            'hullcheck IMAGE --baseline FILE --update-baseline does the same after a scan.',
          ),
      async ({ report, to }) => {
        await run(report, to, surroundings);
        finish(0);
      },
    );
  },
};
export default baseline;

async function run(
  file: string,
  to: string | undefined,
  { cwd, stdout }: Surroundings,
): Promise<void> {
  const { targets } = await loadReport(file, cwd);
  const pieces = writeBaseline(baselineOf(targets));
  if (to !== undefined) return writeOutputFile(resolve(cwd, to), pieces);
  for (const chunk of inChunks(pieces)) await stdout.write(chunk);
}
