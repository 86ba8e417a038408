import type { Output } from '../commands/command.ts';
import { loadRules, loadRulesVersion } from '../commands/options/chosen-rules.ts';
import { readScanOptions } from '../commands/options/scan-options.ts';
import { readSettings } from '../commands/settings/settings.ts';
import type { InputOptions, JudgingOptions, RunningOptions } from '../scan/scan-options.ts';

export interface ConfigOptions {
  /** Where the search for configuration files begins. */
  readonly cwd: string;
  /** Configuration files in place of those that are found, later ones win. */
  readonly files?: readonly string[];
  /** Policies below all other files, as `--extends`: nothing removes what they lock. */
  readonly extends?: readonly string[];
  /** Day of the run, as `2030-12-31`, which decides what waivers have ended. Absent: today, and reports do not show it. */
  readonly date?: string;
  /** Variables such as HULLCHECK_FAIL_ON. Absent: none, whatever the process has. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Paths of the inputs: a configuration inside one of them is refused. */
  readonly inputs?: readonly string[];
}

/** Options of `scan`, as configuration files have them. */
export interface LoadedConfig {
  readonly input: InputOptions;
  readonly judging: JudgingOptions;
  readonly running: RunningOptions;
}

/** What the command reads where it runs in this folder. Throws UsageError with the place of each mistake. */
export async function loadConfig({
  cwd,
  files,
  extends: below,
  date,
  env = {},
  inputs = [],
}: ConfigOptions): Promise<LoadedConfig> {
  const args = {
    ...(files === undefined ? {} : { config: files }),
    ...(below === undefined ? {} : { extends: below }),
    ...(date === undefined ? {} : { date }),
  };
  const today = new Date().toISOString().slice(0, 10);
  const surroundings = { cwd, env, today, stdout: silent, stderr: silent };
  const settings = await readSettings(args, surroundings, inputs);
  const raw = { ...args, rule: undefined, platform: undefined, debugDir: undefined };
  const rules = await loadRules(settings.rules.ids, settings.rules);
  return {
    ...readScanOptions(raw, settings.config, cwd),
    judging: { rules, rulesVersion: await loadRulesVersion(), policy: settings.policy },
  };
}

const silent: Output = { write: async () => {}, isTty: false, columns: 80 };
