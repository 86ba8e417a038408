import { UsageError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { listSettings, type Setting } from '../policy/config/settings-list.ts';
import { refuseUnasked } from '../policy/config/unasked.ts';
import type { Command, Surroundings } from './command.ts';
import { limitsHint } from './help-pages/help-groups.ts';
import { withConfigDiff } from './judging/config-diff.ts';
import { runDate } from './options/date-option.ts';
import { type PolicyArguments, withPolicyOptions } from './options/policy-options.ts';
import {
  type CheckFormat,
  checkFormats,
  countsOf,
  document,
  renderCheck,
} from './output/check-formats.ts';
import { checkConfigs } from './settings/check-config.ts';
import { readSettings } from './settings/settings.ts';
import { type ShownSettings, shownSettings } from './settings/shown-settings.ts';

const config: Command = {
  name: 'config',
  usage: 'config [files..]',
  summary: 'Show the effective settings, or --check files',
  topic: 'Policy',
  register: (parser, surroundings, finish) => {
    parser.command(
      config.usage,
      config.summary,
      (command) =>
        withConfigDiff(withPolicyOptions(command), surroundings, finish)
          .option('show', {
            boolean: true,
            describe: 'Show the place of each value, what it replaces and which lock keeps it',
          })
          .positional('files', {
            type: 'string',
            array: true,
            describe: 'With --check: files to check (default: those in force)',
          })
          .option('check', {
            boolean: true,
            describe: 'Report all mistakes of configurations, without a scan',
          })
          .option('against', {
            string: true,
            array: true,
            requiresArg: true,
            describe:
              'With --check: saved report in which each entry must select something (repeatable)',
          })
          .option('format', {
            choices: checkFormats,
            default: 'text' as const,
            describe: 'Format; sarif and github with --check only',
          })
          .example('$0 config', 'Settings of a scan that starts in this folder')
          .example('$0 config --check', 'Check the files in force')
          .example('$0 config --check org.yaml --against app.json', '')
          .epilogue(
            `Exit codes of --check: 0 nothing found, 1 warnings only, 2 errors.
Options of Scan and Policy but --date are also environment variables: --fail-on is
HULLCHECK_FAIL_ON.
${limitsHint}`,
          ),
      async ({ check, show, against = [], files = [], format, ...args }) => {
        if (check === true)
          finish(await runCheck({ files, against }, { format, args, surroundings }));
        else {
          demandNoFiles(files, against, format);
          await print(args, { show: show === true, asJson: format === 'json' }, surroundings);
          finish(0);
        }
      },
    );
  },
};
export default config;

interface Run {
  readonly format: CheckFormat;
  readonly args: PolicyArguments;
  readonly surroundings: Surroundings;
}

async function runCheck(
  what: { readonly files: readonly string[]; readonly against: readonly string[] },
  { format, args, surroundings }: Run,
): Promise<number> {
  const { today } = runDate(args['date'], surroundings);
  const checked = await checkConfigs(what, args, { ...surroundings, today });
  await surroundings.stdout.write(renderCheck(checked, format));
  const { errors, warnings } = countsOf(checked.remarks);
  return errors > 0 ? 2 : warnings > 0 ? 1 : 0;
}

function demandNoFiles(
  files: readonly string[],
  against: readonly string[],
  format: CheckFormat,
): void {
  if (files.length > 0)
    throw new UsageError(`config ${files[0]}: add --check to check it, or --config to use it`);
  if (against.length > 0) throw new UsageError('--against needs --check');
  if (format === 'sarif' || format === 'github')
    throw new UsageError(`--format ${format} needs --check`);
}

interface Look {
  readonly show: boolean;
  readonly asJson: boolean;
}

async function print(
  args: PolicyArguments,
  { show, asJson }: Look,
  surroundings: Surroundings,
): Promise<void> {
  const settings = await readSettings(args, surroundings);
  const { layers, file, policy } = settings;
  refuseUnasked(policy, layers);
  const { stdout } = surroundings;
  if (asJson) return stdout.write(document(shownSettings(settings)));
  await stdout.write(`# ${file === null ? 'no configuration file' : escapeText(file.name)}\n`);
  if (show) return stdout.write(textOf(shownSettings(settings)));
  for (const setting of listSettings(layers)) await stdout.write(lineOf(setting));
}

/** A line for each setting, with comments that a configuration may have. */
function textOf({ files, settings, open, remarks }: ShownSettings): string {
  const lines = [
    ...files.map(({ name, how, sha256 }) => `# ${name} (${how}), sha256 ${sha256}`),
    ...remarks.map((remark) => `# ${remark}`),
    ...settings.flatMap(({ name, value, place, places = [], lockedBy, replaced }) => {
      const lock = lockedBy === null ? '' : `, locked by ${lockedBy}`;
      const below = replaced.map((each) => `${valueText(each.value)} (${each.place})`).join(', ');
      const instead = below === '' ? '' : `, in place of ${below}`;
      const from = `  # ${place}${lock}${instead}`;
      if (!isListOfGroups(value)) return [`${`${name}: ${valueText(value)}`.padEnd(40)}${from}`];
      return [
        `${`${name}:`.padEnd(40)}${from}`,
        ...value.flatMap((entry, at) => entryLines(entry, places[at])),
      ];
    }),
    ...(open.length === 0 ? [] : [`# not locked: ${open.join(', ')}`]),
  ];
  return lines.map((line) => `${escapeText(line)}\n`).join('');
}

function lineOf({ name, value, layer }: Setting): string {
  const from = escapeText(layer.originOf(name));
  return `${escapeText(`${name}: ${valueText(value)}`).padEnd(40)}  # ${from}\n`;
}

function isListOfGroups(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
}

/** An entry of a list, a line for each of its members, as in a file. */
function entryLines(entry: unknown, place: string | undefined): readonly string[] {
  const from = place === undefined ? '' : `  # ${place}`;
  if (typeof entry !== 'object' || entry === null)
    return [`${`  - ${valueText(entry)}`.padEnd(40)}${from}`];
  const [first = '', ...others] = Object.entries(entry).map(
    ([name, value]) => `${name}: ${flowText(value)}`,
  );
  return [
    `${`  - ${first}`.padEnd(40)}${from}`.trimEnd(),
    ...others.map((member) => `    ${member}`),
  ];
}

function flowText(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.length === 1 ? valueText(value[0]) : `[${value.map(valueText).join(', ')}]`;
  return valueText(value);
}

/** In the form that a configuration file accepts. */
function valueText(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.map(valueText).join(', ');
  return typeof value === 'string' && /^[\w./-]+$/.test(value) ? value : JSON.stringify(value);
}
