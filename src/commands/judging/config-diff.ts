import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { DiffLook } from '../../diff/formats/diff-format.ts';
import type { PolicyDifference } from '../../diff/policies/policy-difference.ts';
import type { Surroundings } from '../command.ts';
import type { HelpGroup } from '../help-pages/help-groups.ts';
import { readDestinations } from '../options/output-options.ts';
import { inChunks, writeOutputFile } from '../output/output-file.ts';
import { terminalLook } from '../output/terminal-look.ts';

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
  return parser
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
    })
    .option('output', {
      alias: 'o',
      string: true,
      array: true,
      requiresArg: true,
      group: 'Output:' satisfies HelpGroup,
      describe: `FORMAT[=FILE] (default: text; repeatable); formats: ${formats.join(', ')}`,
    })
    .option('all', {
      boolean: true,
      default: false,
      group: 'Output:' satisfies HelpGroup,
      describe: 'Do not shorten long lists',
    })
    .example('$0 config diff hullcheck.yaml new.yaml reports/*.json', 'Before a policy is changed')
    .epilogue(
      'Exit codes: 0 no image gets worse, 1 an image whose gate holds would be broken or undecided, 2 usage error.',
    );
}

async function run(args: Arguments, surroundings: Surroundings): Promise<number> {
  const { cwd, stdout } = surroundings;
  const destinations = readDestinations(args.output ?? ['text'], cwd, formats);
  const { comparedPolicies } = await import('./compared-policies.ts');
  const files = { old: String(args.old), new: String(args.new) };
  const difference = await comparedPolicies(files, args.reports.map(String), args, surroundings);
  for (const { format, path } of destinations) {
    const look = path === null ? terminalLook(surroundings) : { color: false, width: 80 };
    const pieces = inChunks(await rendered(format, difference, { ...look, all: args.all }));
    if (path !== null) await writeOutputFile(path, pieces);
    else for (const piece of pieces) await stdout.write(piece);
  }
  const { isWorse } = await import('../../diff/policies/policy-words.ts');
  return isWorse(difference) ? 1 : 0;
}

async function rendered(
  format: string,
  difference: PolicyDifference,
  look: DiffLook,
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
