import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { wrap } from '../base/wrap.ts';
import { defaultProfile, profileOf } from '../policy/config/effective.ts';
import { initialConfig } from '../policy/config/initial-config.ts';
import type { Command, Surroundings } from './command.ts';
import { type RemoteArguments, withRemoteOptions } from './options/remote-arguments.ts';
import { writeOutputFile } from './output/output-file.ts';
import { terminalLook } from './output/terminal-look.ts';

const init: Command = {
  name: 'init',
  usage: 'init [image]',
  summary: 'Create a commented hullcheck.yaml',
  topic: 'Policy',
  register: (parser, surroundings, finish) => {
    parser.command(
      init.usage,
      init.summary,
      (command) =>
        withRemoteOptions(
          command
            .positional('image', {
              type: 'string',
              describe: 'Image, root filesystem, package or folder to fit the settings to',
            })
            .option('profile', {
              string: true,
              requiresArg: true,
              describe: 'Profile to write (default: one that fits the image)',
            })
            .option('platform', {
              string: true,
              requiresArg: true,
              describe: 'Platform in a multi-platform image: os/arch[/variant], or all',
            }),
        )
          .example('$0 init', 'All settings, explained')
          .example('$0 init app.tar', 'Profile, dependencies and waivers for an image')
          .epilogue(
            [
              'With an image, hullcheck scans it once and proposes settings that fit:',
              '  dependencies  runtimes that no package database lists, and files of the base',
              '                image',
              '  yours         packages that no distribution and no known vendor built, and',
              '                wheels and modules of no public index',
              '  waivers       for 90 days: findings that only the authors of a dependency can',
              '                fix',
              'Your own files get no waivers. Read the file before you commit it.',
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
  if (existsSync(path)) throw new UsageError(`${file} already exists in this folder`);
  const named = args.profile === undefined ? null : profileOf(args.profile);
  if (image === undefined) {
    await writeOutputFile(path, [initialConfig(named ?? profileOf(defaultProfile))]);
    await stdout.write(`${file} written; hullcheck config shows the effective settings\n`);
    return;
  }
  const { fittedConfig } = await import('./settings/fitted-config.ts');
  const { config, summary } = await fittedConfig(image, named, args, surroundings);
  await writeOutputFile(path, [config]);
  const { width } = terminalLook(surroundings);
  for (const line of [`${file} written.`, ...summary])
    await stdout.write(`${wrap(line, width).join('\n')}\n`);
}
