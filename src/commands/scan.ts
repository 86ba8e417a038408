import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import { defaultLimits } from '../limits.ts';
import { escapeText } from '../reporters/escape.ts';
import { checkBaselineUpdate } from './baseline-update.ts';
import { type CacheArguments, cacheOf, withCacheOptions } from './cache-folder.ts';
import type { Command, Surroundings } from './command.ts';
import { readInputList } from './input-list.ts';
import { type OutputArguments, withOutputOptions } from './output-options.ts';
import { progressDisplay } from './progress.ts';
import { type RemoteArguments, readRemoteOptions, withRemoteOptions } from './remote-options.ts';
import { prepareOutputs } from './report-outputs.ts';
import { type RawScanOptions, readScanOptions, withScanOptions } from './scan-options.ts';
import { readSettings } from './settings.ts';
import { readTimeLimit, withinTimeLimit } from './time-limit.ts';

const scan: Command = {
  name: 'scan',
  register: (parser, surroundings, finish) => {
    parser.command(
      ['scan [images..]', '$0'],
      'Judge every ELF binary of an image (the default command)',
      describeOptions,
      async ({ images, '--': rest, ...args }) =>
        finish(await run([...images, ...namesAfterDashes(rest)], args, surroundings)),
    );
  },
};
export default scan;

function describeOptions(parser: Argv) {
  const positionals = parser.positional('images', {
    type: 'string',
    array: true,
    default: [],
    describe:
      'Image archive, OCI layout, image in a registry, root filesystem, package or ELF file; SCHEME:REFERENCE to say which',
  });
  return withCacheOptions(withOutputOptions(withRemoteOptions(withScanOptions(positionals))))
    .option('input-list', {
      string: true,
      requiresArg: true,
      describe: 'File with one image a line, or - for standard input; they follow those named here',
    })
    .option('update-baseline', {
      boolean: true,
      default: false,
      describe: 'Write the findings of this run to --baseline',
    })
    .option('timeout', {
      string: true,
      requiresArg: true,
      describe:
        'Longest time of a scan, as 90s or 10m: then it ends with exit code 3 and no report',
    })
    .option('quiet', {
      alias: 'q',
      boolean: true,
      default: false,
      describe: 'Nothing on standard error but errors',
    })
    .option('verbose', {
      alias: 'v',
      boolean: true,
      default: false,
      describe: 'A line on standard error for each step',
    })
    .example('$0 app.tar', 'Judge a saved image')
    .example('$0 app.tar -o json=app.json', 'A report in a file')
    .example('$0 registry:alpine:3.20', 'An image in a registry')
    .example('$0 oci/ --fail-on medium', 'A stricter gate, over an OCI layout')
    .example('$0 dir:/mnt --rule pie', 'One rule, over a directory')
    .epilogue(exitCodesHelp);
}

const exitCodesHelp = [
  'Exit codes:',
  '  0  the gate holds',
  '  1  findings at or above --fail-on',
  '  2  the command line makes no sense, or a file is not there',
  '  3  part of an image could not be scanned, or there was nothing to scan:',
  '     the gate has no answer, even where the rest has findings',
  '  70 a bug in hullcheck',
].join('\n');

function namesAfterDashes(rest: unknown): readonly string[] {
  return Array.isArray(rest) ? rest.map(String) : [];
}

interface Arguments extends RawScanOptions, OutputArguments, CacheArguments, RemoteArguments {
  readonly inputList: string | undefined;
  readonly updateBaseline: boolean;
  readonly timeout: string | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

async function run(
  named: readonly string[],
  args: Arguments,
  surroundings: Surroundings,
): Promise<number> {
  const references = [...named, ...readInputList(args.inputList, surroundings)];
  if (references.length === 0)
    throw new UsageError(
      'name an image to scan, as in hullcheck app.tar; hullcheck --help tells more',
    );
  const images = await expanded(references);
  const { rules } = await import('../../rules/index.ts');
  const settings = await readSettings(args, surroundings, rules, images);
  const remote = readRemoteOptions(args, surroundings);
  const options = { ...readScanOptions(args, rules, settings), remote };
  const timeLimit = readTimeLimit(args.timeout);
  const outputs = prepareOutputs(args, surroundings);
  const cache = await cacheOf(args, surroundings);
  for (const warning of settings.warnings)
    await surroundings.stderr.write(`hullcheck: ${escapeText(warning)}\n`);
  if (args.updateBaseline) checkBaselineUpdate(settings);
  const display = progressDisplay(surroundings, args);
  const { answer } = await import('./scan-answer.ts');
  const { updateBaseline } = args;
  const work = answer({ images, updateBaseline, settings, options, outputs, cache, display });
  const { exitCode, because } = await withinTimeLimit(timeLimit, work);
  if (!outputs.useStdout && !args.quiet)
    await surroundings.stderr.write(`hullcheck: ${escapeText(because)}\n`);
  return exitCode;
}

/** What is one input is told by its name, as far as possible without loading a source. */
async function expanded(references: readonly string[]): Promise<readonly string[]> {
  const { expandReferences } = await import('../sources/expand-references.ts');
  return expandReferences(references, defaultLimits);
}
