import { UsageError } from '../base/errors.ts';
import type { Command, Surroundings } from './command.ts';
import { type OutputArguments, withOutputOptions } from './options/output-options.ts';
import { loadReport } from './output/report-of.ts';
import { prepareOutputs } from './output/report-outputs.ts';

const convert: Command = {
  name: 'convert',
  usage: 'convert <report>',
  summary: 'Convert a saved JSON report to other formats',
  topic: 'Reports',
  register: (parser, surroundings, finish) => {
    parser.command(
      convert.usage,
      convert.summary,
      (command) =>
        withOutputOptions(
          command.positional('report', {
            type: 'string',
            demandOption: true,
            describe: 'Report written by -o json',
          }),
        )
          .example(
            '$0 convert app.json -o sarif=app.sarif -o markdown',
            'Write several formats from one scan',
          )
          .epilogue(
            'Exit codes: 0 converted, whatever the state of the gate; 2 usage error, not a report, or one that contradicts itself.',
          ),
      async ({ report, ...args }) => {
        await run(report, args, surroundings);
        finish(0);
      },
    );
  },
};
export default convert;

async function run(file: string, args: OutputArguments, surroundings: Surroundings): Promise<void> {
  const { rules } = await import('../../rules/index.ts');
  const outputs = prepareOutputs(args, surroundings);
  const report = await loadReport(file, surroundings.cwd);
  if (args.facts && report.facts === 'needed')
    throw new UsageError(`${file} was written without --facts: only a scan has the others`);
  await outputs.write(report, rules);
}
