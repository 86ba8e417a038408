import { listSettings, type Setting } from '../policy/config/layers.ts';
import { escapeText } from '../reporters/escape.ts';
import type { Command, Surroundings } from './command.ts';
import { type PolicyArguments, withPolicyOptions } from './policy-options.ts';
import { readSettings } from './settings.ts';

const config: Command = {
  name: 'config',
  register: (parser, surroundings, finish) => {
    parser.command(
      'config',
      'Show the settings in force, and where each came from',
      (command) =>
        withPolicyOptions(command)
          .example('$0 config', 'What a scan from here would go by')
          .epilogue('Every option of this list is a variable too: --fail-on is HULLCHECK_FAIL_ON.'),
      async (args) => {
        await print(args, surroundings);
        finish(0);
      },
    );
  },
};
export default config;

async function print(args: PolicyArguments, surroundings: Surroundings): Promise<void> {
  const { layers, file } = await readSettings(args, surroundings);
  const { stdout } = surroundings;
  await stdout.write(`# ${file === null ? 'no configuration file' : escapeText(file.name)}\n`);
  for (const setting of listSettings(layers)) await stdout.write(lineOf(setting));
}

function lineOf({ name, value, from }: Setting): string {
  return `${escapeText(`${name}: ${valueText(value)}`).padEnd(40)}  # ${escapeText(from)}\n`;
}

/** As it could stand in a file. */
function valueText(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.map(valueText).join(', ');
  return typeof value === 'string' && /^[\w./-]+$/.test(value) ? value : JSON.stringify(value);
}
