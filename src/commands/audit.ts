import type { Argv } from 'yargs';
import type { Ending } from '../audit/audit.ts';
import { auditFormats } from '../audit/formats/index.ts';
import { changedText } from '../audit/formats/words/words.ts';
import { dayAfter } from '../base/day.ts';
import { UsageError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { exitCodes } from '../policy/exit-code.ts';
import type { Command, Surroundings } from './command.ts';
import { loadRulesVersion } from './options/chosen-rules.ts';
import { dateOption, runDate } from './options/date-option.ts';
import { daysIn } from './options/end-day.ts';
import { readDestinations, withFormatOptions } from './options/output-options.ts';
import { readReportFile } from './output/report-of.ts';
import { lookAt } from './output/terminal-look.ts';
import { writeOutput } from './output/write-output.ts';

const audit: Command = {
  name: 'audit',
  usage: 'audit <reports..>',
  summary: 'Show who accepted what until when',
  topic: 'Policy',
  register: (parser, surroundings, finish) => {
    parser.command(audit.usage, audit.summary, describeOptions, async (args) => {
      finish(await run(args, surroundings));
    });
  },
};
export default audit;

function describeOptions(parser: Argv) {
  const positionals = parser.positional('reports', {
    type: 'string',
    array: true,
    demandOption: true,
    describe: 'Reports written by -o json',
  });
  return withFormatOptions(positionals, Object.keys(auditFormats))
    .option('ending-within', {
      string: true,
      requiresArg: true,
      describe: 'Mark what has ended, or ends within this time, e.g. 30d',
    })
    .option('date', {
      ...dateOption,
      describe: 'Day of the audit as YYYY-MM-DD (default: SOURCE_DATE_EPOCH, else today)',
    })
    .example('$0 audit *.json --ending-within 30d', 'What is accepted, and what ends soon')
    .example('$0 audit *.json -o csv=accepted.csv -o html=audit.html', '')
    .epilogue(
      [
        'Exit codes: 0 written, whatever the gates are; 1 written, and a report',
        'contradicts itself: it was changed; 2 usage error or not a report.',
      ].join('\n'),
    );
}

interface Arguments {
  readonly reports: readonly string[];
  readonly output: readonly string[] | undefined;
  readonly all: boolean;
  readonly endingWithin: string | undefined;
  readonly date: string | undefined;
}

async function run(args: Arguments, surroundings: Surroundings): Promise<number> {
  const { cwd, stderr } = surroundings;
  const formats = Object.keys(auditFormats);
  const destinations = readDestinations(args.output ?? ['text'], cwd, formats);
  const { today, stated } = runDate(args.date, surroundings);
  const ending = readEnding(args.endingWithin, stated ?? today);
  const { createAudit } = await import('../audit/create-audit.ts');
  const { rules: rulesHere } = await import('../../rules/index.ts');
  const rules = await loadRulesVersion();
  const builder = createAudit({ date: stated, ending, rules, rulesHere });
  for (const file of args.reports) {
    const { report, sha256 } = await readReportFile(String(file), cwd);
    builder.add(report, { file: String(file), sha256 });
  }
  const found = builder.finish();
  for (const { format, path } of destinations) {
    const writer = await auditFormats[format]?.();
    if (writer === undefined) throw new Error(`no format of an audit is registered as ${format}`);
    const look = { ...lookAt(path, surroundings), all: args.all };
    await writeOutput(path, writer.render(found, look), surroundings);
  }
  const changed = changedText(found);
  if (changed === null) return exitCodes.holds;
  // Formats of rows have no place for it.
  await stderr.write(`hullcheck: ${escapeText(changed)}\n`);
  return exitCodes.broken;
}

function readEnding(text: string | undefined, from: string): Ending | null {
  if (text === undefined) return null;
  const days = daysIn(text);
  if (Array.isArray(text) || days === null)
    throw new UsageError(`--ending-within is ${text}, expected a number of days such as 30d`);
  return { days, from, until: dayAfter(from, days) };
}
