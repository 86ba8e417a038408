import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { ListLook } from '../../diff/formats/diff-format.ts';
import type { PolicyDifference } from '../../diff/policies/policy-difference.ts';
import type { Surroundings } from '../command.ts';
import { readDestinations, withFormatOptions } from '../options/output-options.ts';
import { lookAt } from '../output/terminal-look.ts';
import { writeOutput } from '../output/write-output.ts';

const formats = ['text', 'json', 'markdown'];

/** Adds `config diff` to the options of `config`. */
export function withConfigDiff<T>(
  parser: Argv<T>,
  surroundings: Surroundings,
  finish: (exitCode: number) => void,
): Argv<T> {
  return parser.command(
    'diff <old> <new> <reports..>',
    'Show what another configuration makes of saved reports',
    describeOptions,
    async (args) => finish(await run(args, surroundings)),
  );
}

type Arguments =
  ReturnType<typeof describeOptions> extends Argv<infer T> ? ArgumentsCamelCase<T> : never;

function describeOptions(parser: Argv) {
  const positionals = parser
    .positional('old', {
      type: 'string',
      demandOption: true,
      describe: 'Configuration file of today',
    })
    .positional('new', {
      type: 'string',
      demandOption: true,
      describe: 'Configuration file to try',
    })
    .positional('reports', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Reports written by -o json',
    });
  return withFormatOptions(positionals, formats)
    .example('$0 config diff hullcheck.yaml new.yaml reports/*.json', 'Before a policy is changed')
    .epilogue(
      'Exit codes: 0 no image gets worse, 1 an image whose gate holds would be broken or undecided, 2 usage error.',
    );
}

async function run(args: Arguments, surroundings: Surroundings): Promise<number> {
  const destinations = readDestinations(args.output ?? ['text'], surroundings.cwd, formats);
  const { comparedPolicies } = await import('./compared-policies.ts');
  const files = { old: String(args.old), new: String(args.new) };
  const difference = await comparedPolicies(files, args.reports.map(String), args, surroundings);
  for (const { format, path } of destinations) {
    const look = { ...lookAt(path, surroundings), all: args.all };
    await writeOutput(path, await rendered(format, difference, look), surroundings);
  }
  const { isWorse } = await import('../../diff/policies/policy-words.ts');
  return isWorse(difference) ? 1 : 0;
}

async function rendered(
  format: string,
  difference: PolicyDifference,
  look: ListLook,
): Promise<Iterable<string>> {
  if (format === 'json') {
    const { writeJson } = await import('../../reporters/writing/write-json.ts');
    return [`${writeJson({ schemaVersion: '1.0.0', type: 'config-diff', ...difference })}\n`];
  }
  if (format === 'markdown') {
    const { renderPolicyMarkdown } = await import('../../diff/policies/markdown.ts');
    return renderPolicyMarkdown(difference, look);
  }
  const { renderPolicyText } = await import('../../diff/policies/text.ts');
  return renderPolicyText(difference, look);
}
