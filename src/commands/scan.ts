import type { Argv } from 'yargs';
import { withCacheOptions } from './cache-folder.ts';
import type { Command } from './command.ts';
import { withOutputOptions } from './output-options.ts';
import { withRemoteOptions } from './remote-options.ts';
import { withScanOptions } from './scan-options.ts';

const scan: Command = {
  name: 'scan',
  register: (parser, surroundings, finish) => {
    parser.command(
      ['scan [images..]', '$0'],
      'Judge every ELF binary of an image, and how it starts (the default command)',
      describeOptions,
      async ({ images, '--': rest, ...args }) => {
        const { runScan } = await import('./scan-run.ts');
        const names = [...namesOf(images), ...namesOf(rest)];
        finish(await runScan(names, args, surroundings));
      },
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
    .option('base', {
      string: true,
      requiresArg: true,
      describe:
        'What the images are built on: an image, the digest of its last layer, or how many layers it has',
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
  '  1  findings at or above --fail-on in files that the gate is of (--gate-of)',
  '  2  the command line makes no sense, or a file is not there',
  '  3  part of an image could not be scanned, or there was nothing to scan:',
  '     the gate has no answer, even where the rest has findings',
  '  70 a bug in hullcheck',
].join('\n');

/** Several, or one as it stands behind `--images`, which yargs takes for the images too; none before or behind `--`. */
function namesOf(given: unknown): readonly string[] {
  return given === undefined ? [] : [given].flat().map(String);
}
