import { resolve } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { predicateType, statementOf } from '../policy/statement.ts';
import type { Command, Surroundings } from './command.ts';
import { writeOutputFile } from './output/output-file.ts';
import { loadReportFile } from './output/report-of.ts';

const attest: Command = {
  name: 'attest',
  usage: 'attest <report>',
  summary: 'Write an in-toto statement for a saved report',
  topic: 'Reports',
  register: (parser, surroundings, finish) => {
    parser.command(
      attest.usage,
      attest.summary,
      (command) =>
        command
          .positional('report', {
            type: 'string',
            demandOption: true,
            describe: 'Report written by -o json',
          })
          .option('predicate-only', {
            boolean: true,
            default: false,
            describe: 'Write the predicate only, for cosign attest --predicate',
          })
          .option('to', {
            string: true,
            requiresArg: true,
            describe: 'File to write (default: standard output)',
          })
          .example('$0 attest app.json --predicate-only --to predicate.json', '')
          .epilogue(
            `A report that contradicts itself is refused. The statement is not signed. Predicate type, for cosign attest --type and gh attestation: ${predicateType}`,
          ),
      async ({ report, predicateOnly, to }) => {
        await run(report, { predicateOnly, to }, surroundings);
        finish(0);
      },
    );
  },
};
export default attest;

interface Wish {
  readonly predicateOnly: boolean;
  readonly to: string | undefined;
}

async function run(
  file: string,
  { predicateOnly, to }: Wish,
  { cwd, stdout }: Surroundings,
): Promise<void> {
  const { report, sha256 } = await loadReportFile(file, cwd);
  const statement = statementOf(report, sha256);
  if (statement === null)
    throw new UsageError(`${file} describes something without a digest: only images have one`);
  const json = `${JSON.stringify(predicateOnly ? statement.predicate : statement, null, 2)}\n`;
  if (to === undefined) await stdout.write(json);
  else await writeOutputFile(resolve(cwd, to), [json]);
}
