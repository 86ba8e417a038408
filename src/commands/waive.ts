import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ruleIds } from '../../rules/ids.ts';
import { UsageError } from '../base/errors.ts';
import type { Config, WaiverConfig } from '../policy/config/config.ts';
import { configShape } from '../policy/config/config-shape.ts';
import type { Shape } from '../policy/config/node-shapes.ts';
import { profiles } from '../policy/profiles/index.ts';
import type { Command, Surroundings } from './command.ts';
import { dayAfter } from './options/day-after.ts';
import { writeOutputFile } from './output/output-file.ts';
import { type ConfigFile, findConfigFile, readConfigFile } from './settings/config-file.ts';

const waive: Command = {
  name: 'waive',
  usage: 'waive <rule>',
  summary: 'Add a waiver to the configuration',
  topic: 'Policy',
  register: (parser, surroundings, finish) => {
    parser.command(
      waive.usage,
      waive.summary,
      (command) =>
        command
          .positional('rule', { type: 'string', demandOption: true, describe: 'Rule ID' })
          .option('reason', {
            string: true,
            demandOption: true,
            describe: 'Why the findings are accepted',
          })
          .option('path', { string: true, array: true, describe: 'Glob of paths (repeatable)' })
          .option('package', {
            string: true,
            array: true,
            describe: 'Glob of package names (repeatable)',
          })
          .option('digest', {
            string: true,
            array: true,
            describe: 'SHA-256 of the binary (repeatable)',
          })
          .option('build-id', {
            string: true,
            array: true,
            describe: 'Build ID of the binary (repeatable)',
          })
          .option('cause', {
            string: true,
            array: true,
            describe: 'Cause of the failure, as in the report (repeatable)',
          })
          .option('expires', {
            string: true,
            describe: 'Last day, e.g. 2030-12-31 or 90d from today',
          })
          .option('config', {
            string: true,
            describe: 'Configuration file to change (default: the nearest hullcheck.yaml)',
          })
          .example('$0 waive pie --path /opt/x/bin/x --reason "ticket 123" --expires 90d', ''),
      async (args) => {
        await run(args, surroundings);
        finish(0);
      },
    );
  },
};
export default waive;

interface Arguments {
  readonly rule: string;
  readonly reason: string;
  readonly path: string[] | undefined;
  readonly package: string[] | undefined;
  readonly digest: string[] | undefined;
  readonly buildId: string[] | undefined;
  readonly cause: string[] | undefined;
  readonly expires: string | undefined;
  readonly config: string | undefined;
}

async function run(args: Arguments, { cwd, today, stdout }: Surroundings): Promise<void> {
  const shape = configShape(
    ruleIds,
    profiles.map(({ name }) => name),
  );
  const file = await chooseFile(args.config, cwd, shape);
  const path = file?.path ?? resolve(cwd, 'hullcheck.yaml');
  const name = file?.name ?? 'hullcheck.yaml';
  const text = file === null ? '' : readFileSync(path, 'utf8');
  const { addWaiver } = await import('../policy/config/add-waiver.ts');
  // The reader of the file checks the waiver, so a mistake gives the same message as one in a file.
  const changed = addWaiver(text, name, waiverOf(args, today), shape);
  await writeOutputFile(path, [changed]);
  await stdout.write(`${name}: findings of ${args.rule} are waived\n`);
}

function chooseFile(
  named: string | undefined,
  cwd: string,
  shape: Shape<Config>,
): Promise<ConfigFile | null> {
  return named === undefined ? findConfigFile(cwd, shape) : readConfigFile(named, cwd, shape);
}

function waiverOf(args: Arguments, today: string): WaiverConfig {
  const { rule, reason, path, digest, buildId, cause, expires } = args;
  return {
    rule,
    ...(path === undefined ? {} : { path }),
    ...(args.package === undefined ? {} : { package: args.package }),
    ...(digest === undefined ? {} : { digest }),
    ...(buildId === undefined ? {} : { 'build-id': buildId }),
    ...(cause === undefined ? {} : { cause }),
    reason,
    ...(expires === undefined ? {} : { expires: dayOf(expires, today) }),
  };
}

function dayOf(text: string, today: string): string {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  if (days === undefined) {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
    throw new UsageError(`--expires is ${text}, expected a date such as 2030-12-31, or 90d`);
  }
  return dayAfter(today, Number(days));
}
