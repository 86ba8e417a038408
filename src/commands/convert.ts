import type { Command, Surroundings } from './command.ts';
import { type OutputArguments, withOutputOptions } from './output-options.ts';
import { loadReport } from './report-of.ts';
import { prepareOutputs } from './report-outputs.ts';

const convert: Command = {
  name: 'convert',
  register: (parser, surroundings, finish) => {
    parser.command(
      'convert <report>',
      'Render a saved JSON report in other formats',
      (command) =>
        withOutputOptions(
          command.positional('report', {
            type: 'string',
            demandOption: true,
            describe: 'A file that -o json wrote',
          }),
        )
          .example('$0 convert app.json -o sarif=app.sarif -o markdown', 'One scan serves all')
          .epilogue('Exit codes: 0 converted, whatever the gate; 2 not a report.'),
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
  await outputs.write(await loadReport(file, surroundings.cwd), rules);
}
