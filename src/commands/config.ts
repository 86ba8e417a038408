import { escapeText } from '../base/escape.ts';
import { listSettings, type Setting } from '../policy/config/settings-list.ts';
import { refuseUnasked } from '../policy/config/unasked.ts';
import type { Command, Surroundings } from './command.ts';
import { limitsHint } from './help-pages/help-groups.ts';
import { type PolicyArguments, withPolicyOptions } from './options/policy-options.ts';
import { readSettings } from './settings/settings.ts';

const config: Command = {
  name: 'config',
  usage: 'config',
  summary: 'Show the effective settings and their origins',
  topic: 'Policy',
  register: (parser, surroundings, finish) => {
    parser.command(
      config.usage,
      config.summary,
      (command) =>
        withPolicyOptions(command)
          .example('$0 config', 'Settings of a scan that starts in this folder')
          .epilogue(
            'Each of these options is also an environment variable: --fail-on is HULLCHECK_FAIL_ON.\n'.concat(
              limitsHint,
            ),
          ),
      async (args) => {
        await print(args, surroundings);
        finish(0);
      },
    );
  },
};
export default config;

async function print(args: PolicyArguments, surroundings: Surroundings): Promise<void> {
  const { layers, file, policy } = await readSettings(args, surroundings);
  refuseUnasked(policy, layers);
  const { stdout } = surroundings;
  await stdout.write(`# ${file === null ? 'no configuration file' : escapeText(file.name)}\n`);
  for (const setting of listSettings(layers)) await stdout.write(lineOf(setting));
}

function lineOf({ name, value, layer }: Setting): string {
  const from = escapeText(layer.originOf(name));
  return `${escapeText(`${name}: ${valueText(value)}`).padEnd(40)}  # ${from}\n`;
}

/** In the form that a configuration file accepts. */
function valueText(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.map(valueText).join(', ');
  return typeof value === 'string' && /^[\w./-]+$/.test(value) ? value : JSON.stringify(value);
}
