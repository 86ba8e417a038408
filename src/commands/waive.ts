import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { isDay } from '../base/day.ts';
import { UsageError } from '../base/errors.ts';
import type { GivenWaiver } from '../policy/config/add-waiver.ts';
import type { Config } from '../policy/config/config.ts';
import type { Shape } from '../policy/config/node-shapes.ts';
import type { Command, Surroundings } from './command.ts';
import { endDay } from './options/end-day.ts';
import { writeOutputFile } from './output/output-file.ts';
import { type ConfigFile, findConfigFile, readConfigFile } from './settings/config-file.ts';
import { demandEffect } from './settings/demand-effect.ts';
import { fullShape } from './settings/full-shape.ts';
import { rulesHere } from './settings/known-rules.ts';

const waive: Command = {
  name: 'waive',
  usage: 'waive [rules..]',
  summary: 'Add a waiver to the configuration',
  topic: 'Policy',
  register: (parser, surroundings, finish) => {
    parser.command(waive.usage, waive.summary, describeOptions, async (args) => {
      await run(args, surroundings);
      finish(0);
    });
  },
};
export default waive;

type Arguments =
  ReturnType<typeof describeOptions> extends Argv<infer T> ? ArgumentsCamelCase<T> : never;

/** Members of a waiver that are lists, and the options that fill them. */
const lists = {
  image: 'Glob of image names',
  path: 'Glob of paths',
  package: 'Glob of package names',
  digest: 'SHA-256 of the binary',
  'build-id': 'Build ID of the binary',
  cause: 'Cause of the failure, as in the report',
  'approved-by': 'Who approved it',
} as const;

function describeOptions(parser: Argv) {
  let described = parser
    .positional('rules', { type: 'string', array: true, default: [], describe: 'Rule IDs' })
    .option('rule', { string: true, array: true, describe: 'Rule ID (repeatable)' })
    .option('reason', {
      string: true,
      demandOption: true,
      describe: 'Why the findings are accepted',
    });
  for (const [name, describe] of Object.entries(lists))
    described = described.option(name, {
      string: true,
      array: true,
      describe: `${describe} (repeatable)`,
    });
  return described
    .option('everywhere', {
      boolean: true,
      default: false,
      describe: 'Accept the findings in every file of every image',
    })
    .option('owner', { string: true, describe: 'Who answers for it' })
    .option('ticket', { string: true, describe: 'Where it is written down' })
    .option('created', { string: true, describe: 'Day on which it was made (default: today)' })
    .option('expires', { string: true, describe: 'Last day, e.g. 2030-12-31 or 90d from today' })
    .option('config', {
      string: true,
      describe: 'Configuration file to change (default: the nearest hullcheck.yaml)',
    })
    .example('$0 waive pie --path /opt/x/bin/x --reason "ticket 123" --expires 90d', '');
}

async function run(args: Arguments, surroundings: Surroundings): Promise<void> {
  const { cwd, today, stdout } = surroundings;
  const shape = fullShape(
    await rulesHere(args.config === undefined ? {} : { config: args.config }, surroundings),
  );
  const rules = [...new Set([...args.rules, ...(args.rule ?? [])])];
  if (rules.length === 0) throw new UsageError('waive: name a rule, e.g. hullcheck waive pie');
  const { addWaiver, readWaiver } = await import('../policy/config/add-waiver.ts');
  const waiver = readWaiver(givenWaiver(rules, args, today), shape);
  const file = await chooseFile(args.config, cwd, shape);
  const path = file?.path ?? resolve(cwd, 'hullcheck.yaml');
  const name = file?.name ?? 'hullcheck.yaml';
  await demandEffect({ waiver, path, name, named: args.config }, surroundings);
  const text = file === null ? '' : readFileSync(path, 'utf8');
  await writeOutputFile(path, [addWaiver(text, name, waiver, shape)]);
  await stdout.write(`${name}: findings of ${rules.join(', ')} are waived\n`);
}

function chooseFile(
  named: string | undefined,
  cwd: string,
  shape: Shape<Config>,
): Promise<ConfigFile | null> {
  return named === undefined ? findConfigFile(cwd, shape) : readConfigFile(named, cwd, shape);
}

/** Throws UsageError for what no file may have, either. */
function givenWaiver(rules: readonly string[], args: Arguments, today: string): GivenWaiver {
  const { reason, owner, ticket, created, expires } = args;
  const single = (name: string, value: string | undefined) =>
    value === undefined ? undefined : { from: `--${name}`, values: [value] };
  const given = Object.fromEntries(
    Object.keys(lists).map((name) => [name, listFrom(name, args[name])]),
  );
  const { 'approved-by': approvedBy, ...places } = given;
  const ruled = { from: '--rule', values: rules };
  return {
    ...(rules.length === 1 ? { rule: ruled } : { rules: ruled }),
    ...withPlace(places, args.everywhere),
    reason: single('reason', reason),
    owner: single('owner', owner),
    'approved-by': approvedBy,
    ticket: single('ticket', ticket),
    created: single('created', created === undefined ? today : pastDay(created, today)),
    expires: single('expires', expires === undefined ? undefined : endDay(expires, today)),
  };
}

function listFrom(name: string, value: unknown): GivenWaiver[string] {
  const values = Array.isArray(value) ? value.map(String) : [];
  return values.length === 0 ? undefined : { from: `--${name}`, values };
}

/** Who leaves all of them out would accept the rule in every image, which has an option of its own. */
function withPlace(places: GivenWaiver, everywhere: boolean): GivenWaiver {
  const isPlaced = Object.values(places).some((given) => given !== undefined);
  if (everywhere && isPlaced)
    throw new UsageError(
      '--everywhere is for every file of every image: leave out what selects some',
    );
  if (everywhere) return { path: { from: '--everywhere', values: ['**'] } };
  if (isPlaced) return places;
  throw new UsageError(
    `waive: say which findings are accepted with ${Object.keys(places)
      .map((name) => `--${name}`)
      .join(', ')}, or --everywhere`,
  );
}

function pastDay(text: string, today: string): string {
  if (!isDay(text)) throw new UsageError(`--created is ${text}, expected a date such as ${today}`);
  if (text > today)
    throw new UsageError(`--created is ${text}, which is to come: today is ${today}`);
  return text;
}
