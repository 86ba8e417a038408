import type { ArgumentsCamelCase, Argv } from 'yargs';
import { escapeText } from '../base/escape.ts';
import { exitCodeOf } from '../policy/exit-code.ts';
import type { Command, Surroundings } from './command.ts';
import type { HelpGroup } from './help-pages/help-groups.ts';
import { refuseReading, withJudgingOptions } from './judging/judging-options.ts';
import { withOutputOptions } from './options/output-options.ts';
import { prepareOutputs } from './output/report-outputs.ts';

const judge: Command = {
  name: 'judge',
  usage: 'judge <reports..>',
  summary: 'Judge saved JSON reports by another policy',
  topic: 'Policy',
  register: (parser, surroundings, finish) => {
    parser.command(judge.usage, judge.summary, describeOptions, async (args) =>
      finish(await run(args, surroundings)),
    );
  },
};
export default judge;

type Arguments =
  ReturnType<typeof describeOptions> extends Argv<infer T> ? ArgumentsCamelCase<T> : never;

function describeOptions(parser: Argv) {
  const positionals = parser.positional('reports', {
    type: 'string',
    array: true,
    demandOption: true,
    describe: 'Reports written by -o json',
  });
  return withOutputOptions(withJudgingOptions(positionals))
    .option('quiet', {
      group: 'Output:' satisfies HelpGroup,
      alias: 'q',
      boolean: true,
      default: false,
      describe: 'Print only errors to standard error',
    })
    .example('$0 judge app.json --config new.yaml', 'Try a policy before it is used')
    .example('$0 judge reports/*.json --fail-on medium', 'Try a stricter gate on many images')
    .epilogue(
      [
        'No image is read. Everything of the policy is judged again; a rule that a report was not asked needs a report with --facts, or a scan.',
        '',
        'Exit codes: as of a scan of the same images: 0 the gate holds, 1 broken, 2 usage error, 3 undecided.',
      ].join('\n'),
    );
}

async function run(args: Arguments, surroundings: Surroundings): Promise<number> {
  refuseReading(args);
  const outputs = prepareOutputs(args, surroundings);
  const { judgeSaved } = await import('./judging/judge-saved.ts');
  const { report, rules } = await judgeSaved(args.reports.map(String), args, surroundings);
  await outputs.write(report, rules);
  if (!outputs.useStdout && !args.quiet)
    await surroundings.stderr.write(`hullcheck: ${escapeText(report.gate.because)}\n`);
  return exitCodeOf(report.gate);
}
