import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Command, Surroundings } from './command.ts';
import { type HelpGroup, limitsHint } from './help-pages/help-groups.ts';
import { withOutputOptions } from './options/output-options.ts';
import { readPlainWords } from './options/plain-words.ts';
import { withRemoteOptions } from './options/remote-arguments.ts';
import { withScanOptions } from './options/scan-options.ts';
import { withCacheOptions } from './settings/cache-folder.ts';

const scan: Command = {
  name: 'scan',
  usage: 'scan [images..]',
  summary: 'Check all binaries and how the image starts',
  topic: 'Scan',
  register: (parser, surroundings, finish) => {
    parser.command([scan.usage, '$0'], scan.summary, describeOptions, async (args) =>
      finish(await run(args, surroundings)),
    );
  },
  runPlain: (words, surroundings) => {
    const args = readPlainWords(words, describeOptions);
    return args && run(args, surroundings);
  },
};
export default scan;

type Arguments =
  ReturnType<typeof describeOptions> extends Argv<infer T> ? ArgumentsCamelCase<T> : never;

async function run(
  { images, '--': rest, ...args }: Arguments,
  surroundings: Surroundings,
): Promise<number> {
  const { runScan } = await import('./scanning/scan-run.ts');
  return runScan([...namesOf(images), ...namesOf(rest)], args, surroundings);
}

/** Exported for tests. */
export function describeOptions(parser: Argv) {
  const positionals = parser.positional('images', {
    type: 'string',
    array: true,
    default: [],
    describe:
      'Image archive, OCI layout, registry image, root filesystem, package or ELF file; SCHEME:REFERENCE if its kind is not clear',
  });
  return withCacheOptions(withOutputOptions(withRemoteOptions(withScanOptions(positionals))))
    .option('input-list', {
      group: 'Scan:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe: 'File with one image per line, or - for standard input',
    })
    .option('elf-only', {
      group: 'Scan:' satisfies HelpGroup,
      boolean: true,
      default: false,
      describe: 'Leave out the named files that are not ELF files (for hooks that name all files)',
    })
    .option('base', {
      group: 'Scan:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe:
        'Base of the images: an image, the digest of its last layer, or its number of layers',
    })
    .option('against', {
      group: 'Policy:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe:
        'Older release (image, archive, folder, file or saved JSON report): only what got worse breaks the gate',
    })
    .option('update-baseline', {
      group: 'Policy:' satisfies HelpGroup,
      boolean: true,
      default: false,
      describe: 'Write the findings of this run to the --baseline file',
    })
    .option('owner', {
      group: 'Policy:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe: 'With --update-baseline: who answers for what is new in it',
    })
    .option('reason', {
      group: 'Policy:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe: 'With --update-baseline: why it is accepted',
    })
    .option('expires', {
      group: 'Policy:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe: 'With --update-baseline: its last day, e.g. 2030-12-31 or 90d from today',
    })
    .option('timeout', {
      group: 'Scan:' satisfies HelpGroup,
      string: true,
      requiresArg: true,
      describe: 'Stop after this time, e.g. 90s or 10m: exit code 3 and no report',
    })
    .option('quiet', {
      group: 'Output:' satisfies HelpGroup,
      alias: 'q',
      boolean: true,
      default: false,
      describe: 'Print only errors to standard error',
    })
    .example('$0 app.tar', 'Scan a saved image')
    .example('$0 app.tar -o json=app.json', 'Write a report to a file')
    .example('$0 registry:alpine:3.20', 'Scan an image in a registry')
    .example('$0 oci/ --fail-on medium', 'Use a stricter gate')
    .example('$0 app-1.1.tar --against app-1.0.tar', 'Break only on what got worse')
    .example('$0 dir:/mnt --rule pie', 'Check one rule in a folder')
    .epilogue(`${limitsHint}\n\n${exitCodesHelp}`);
}

const exitCodesHelp = [
  'Exit codes:',
  '  0  the gate holds',
  '  1  the gate is broken: findings at or above --fail-on in files that count;',
  '     with --against, verdicts that got worse, and findings in new files',
  '  2  usage error, or the input does not exist (one of several: 3)',
  '  3  the gate is undecided: part of an image could not be scanned, or there',
  '     was nothing to scan',
  '  70 a bug in hullcheck',
].join('\n');

/** A list, or one value after `--images`, which yargs accepts for the images too; undefined without any. */
function namesOf(given: unknown): readonly string[] {
  return given === undefined ? [] : [given].flat().map(String);
}
