import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { initialConfig } from '../policy/config/initial-config.ts';
import type { Command, Surroundings } from './command.ts';
import { writeOutputFile } from './output-file.ts';
import { type RemoteArguments, withRemoteOptions } from './remote-options.ts';
import { defaultProfile, profileOf } from './settings.ts';

const init: Command = {
  name: 'init',
  register: (parser, surroundings, finish) => {
    parser.command(
      'init [image]',
      'Write a hullcheck.yaml with everything explained in it, for an image what fits it',
      (command) =>
        withRemoteOptions(
          command
            .positional('image', {
              type: 'string',
              describe: 'Image, root filesystem, package or folder that it is for',
            })
            .option('profile', {
              string: true,
              requiresArg: true,
              describe: 'The profile it names (default: what fits the image)',
            })
            .option('platform', {
              string: true,
              requiresArg: true,
              describe: 'Image of a multi-platform index: os/arch[/variant], or all',
            }),
        )
          .example('$0 init', 'Every setting, explained')
          .example('$0 init app.tar', 'The profile, gate, dependencies and waivers that fit it')
          .epilogue(
            [
              'With an image it is scanned once, and the file has what fits:',
              '  dependencies  runtimes that no package database lists, and what the base image brought',
              '  yours         packages that no distribution and no known vendor made',
              '  waivers       for 90 days, what only the makers of a dependency can fix',
              'Nothing of yours is waived. Read the file before you commit it.',
            ].join('\n'),
          ),
      async ({ image, ...args }) => {
        await run(image, args, surroundings);
        finish(0);
      },
    );
  },
};
export default init;

interface Arguments extends RemoteArguments {
  readonly profile: string | undefined;
  readonly platform: string | undefined;
}

async function run(
  image: string | undefined,
  args: Arguments,
  surroundings: Surroundings,
): Promise<void> {
  const { cwd, stdout } = surroundings;
  const file = 'hullcheck.yaml';
  const path = resolve(cwd, file);
  if (existsSync(path)) throw new UsageError(`there is a ${file} here already`);
  const named = args.profile === undefined ? null : profileOf(args.profile);
  if (image === undefined) {
    await writeOutputFile(path, [initialConfig(named ?? profileOf(defaultProfile))]);
    await stdout.write(`${file} written; hullcheck config shows what is in force\n`);
    return;
  }
  const { fittedConfig } = await import('./fitted-config.ts');
  const { config, summary } = await fittedConfig(image, named, args, surroundings);
  await writeOutputFile(path, [config]);
  await stdout.write(`${file} written. ${summary}\n`);
}
