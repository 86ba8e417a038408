import { UsageError } from '../base/errors.ts';
import { isOwnId } from '../base/own-id.ts';
import type { Report } from '../report/report.ts';
import type { Command, Surroundings } from './command.ts';
import { type OutputArguments, withOutputOptions } from './options/output-options.ts';
import { loadReport } from './output/report-of.ts';
import { prepareOutputs } from './output/report-outputs.ts';
import { builtInRules, type KnownRules, loadAllRules, rulesHere } from './settings/known-rules.ts';

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
  const outputs = prepareOutputs(args, surroundings);
  const report = await loadReport(file, surroundings.cwd);
  if (args.facts && report.facts === 'needed')
    throw new UsageError(`${file} was written without --facts: only a scan has the others`);
  await outputs.write(report, await loadAllRules(await rulesFor(report, surroundings)));
}

/** Texts of rules of plug-ins are in these alone: they are loaded where the report has verdicts of them, and are in force here. */
async function rulesFor({ rules = [] }: Report, surroundings: Surroundings): Promise<KnownRules> {
  return rules.some(isOwnId) ? rulesHere({}, surroundings) : builtInRules;
}
