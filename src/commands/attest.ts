import { resolve } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { predicateType, statementOf } from '../policy/statement.ts';
import { testResultOf, testResultType } from '../policy/test-result.ts';
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
          .option('type', {
            choices: ['scan', 'test-result'] as const,
            default: 'scan' as const,
            describe: 'Predicate: all that the report says of its gate, or test-result of in-toto',
          })
          .option('to', {
            string: true,
            requiresArg: true,
            describe: 'File to write (default: standard output)',
          })
          .example('$0 attest app.json --predicate-only --to predicate.json', '')
          .epilogue(
            `A report that contradicts itself is refused. The statement is not signed. Predicate types, for cosign attest --type and gh attestation: ${predicateType} and ${testResultType}`,
          ),
      async ({ report, predicateOnly, to, type }) => {
        await run(report, { predicateOnly, to, type }, surroundings);
        finish(0);
      },
    );
  },
};
export default attest;

interface Wish {
  readonly predicateOnly: boolean;
  readonly to: string | undefined;
  readonly type: string;
}

async function run(
  file: string,
  { predicateOnly, to, type }: Wish,
  { cwd, stdout }: Surroundings,
): Promise<void> {
  const { report, sha256 } = await loadReportFile(file, cwd);
  const scan = statementOf(report, sha256);
  if (scan === null)
    throw new UsageError(
      `${file} describes something without a digest: only images and ELF files have one`,
    );
  const statement =
    type === 'scan'
      ? scan
      : { ...scan, predicateType: testResultType, predicate: testResultOf(report) };
  const json = `${JSON.stringify(predicateOnly ? statement.predicate : statement, null, 2)}\n`;
  if (to === undefined) await stdout.write(json);
  else await writeOutputFile(resolve(cwd, to), [json]);
}
