import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { initialConfig } from '../policy/config/initial-config.ts';
import type { Command, Surroundings } from './command.ts';
import { writeOutputFile } from './output-file.ts';
import { defaultProfile, profileOf } from './settings.ts';

const init: Command = {
  name: 'init',
  register: (parser, surroundings, finish) => {
    parser.command(
      'init',
      'Write a hullcheck.yaml with everything explained in it',
      (command) =>
        command.option('profile', {
          string: true,
          requiresArg: true,
          default: defaultProfile,
          describe: 'The profile it names',
        }),
      async ({ profile }) => {
        await run(profile, surroundings);
        finish(0);
      },
    );
  },
};
export default init;

async function run(profile: string, { cwd, stdout }: Surroundings): Promise<void> {
  const file = 'hullcheck.yaml';
  const path = resolve(cwd, file);
  if (existsSync(path)) throw new UsageError(`there is a ${file} here already`);
  await writeOutputFile(path, [initialConfig(profileOf(profile).name)]);
  await stdout.write(`${file} written; hullcheck config shows what is in force\n`);
}
