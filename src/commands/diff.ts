import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { diffFormats } from '../diff/formats/index.ts';
import { refuseUnasked } from '../policy/config/unasked.ts';
import { exitCodes } from '../policy/exit-code.ts';
import { demandStrict } from '../policy/strict-policy.ts';
import { refuseSecondStandardInput } from '../sources/input/path-of-reference.ts';
import type { Command, Surroundings } from './command.ts';
import { limitsHint } from './help-pages/help-groups.ts';
import { underLocks } from './judging/under-locks.ts';
import { chosenRules, loadRules, loadRulesVersion } from './options/chosen-rules.ts';
import { type DiffOutputArguments, withDiffOptions } from './options/output-options.ts';
import {
  type RemoteArguments,
  readRemoteOptions,
  withRemoteOptions,
} from './options/remote-arguments.ts';
import { type RawScanOptions, readScanOptions, withScanOptions } from './options/scan-options.ts';
import { prepareDiffOutputs } from './output/diff-outputs.ts';
import { isSavedReport, reportsOf } from './output/report-of.ts';
import { type CacheArguments, cacheOf, withCacheOptions } from './settings/cache-folder.ts';
import { loadAllRules } from './settings/known-rules.ts';
import { enforceLocksOnOptions } from './settings/locked-options.ts';
import { folderOf, readSettings } from './settings/settings.ts';

const diff: Command = {
  name: 'diff',
  usage: 'diff <old> <new>',
  summary: 'Show what got worse between two images',
  topic: 'Scan',
  register: (parser, surroundings, finish) => {
    parser.command(
      diff.usage,
      diff.summary,
      describeOptions,
      async ({ old, new: fresh, ...args }) => finish(await run(old, fresh, args, surroundings)),
    );
  },
};
export default diff;

function describeOptions(parser: Argv) {
  const positionals = parser
    .positional('old', {
      type: 'string',
      demandOption: true,
      describe: 'Image or saved JSON report',
    })
    .positional('new', {
      type: 'string',
      demandOption: true,
      describe: 'Image or saved JSON report',
    });
  const scanning = withCacheOptions(withRemoteOptions(withScanOptions(positionals, notCompared)));
  return withDiffOptions(scanning, Object.keys(diffFormats))
    .example('$0 diff old.json new.tar', 'Compare a report with an image')
    .example('$0 diff a.tar b.tar -o html=x.html', 'Write an HTML page')
    .epilogue(
      [
        limitsHint,
        '',
        'Exit codes: 0 nothing of yours got worse, 1 a verdict got worse at or above --worse-than (default: low) or a new file has what --fail-on fails, 2 usage error, 3 not read or compared completely.',
      ].join('\n'),
    );
}

/** Options that make sense for a single image only. A baseline would hide which side has a finding. */
const notCompared = ['baseline', 'coverage', 'maximum', 'allow-empty'];

interface Arguments extends RawScanOptions, CacheArguments, RemoteArguments, DiffOutputArguments {}

async function run(
  old: string,
  fresh: string,
  args: Arguments,
  surroundings: Surroundings,
): Promise<number> {
  refuseSecondStandardInput([old, fresh]);
  const settings = await readSettings(args, surroundings, [old, fresh]);
  const chosen = chosenRules(args.rule, settings.rules.ids);
  const outputs = prepareDiffOutputs(args, surroundings, folderOf(settings));
  enforceLocksOnOptions(settings, args);
  refuseUnasked(settings.policy, settings.layers);
  const policy = { ...settings.policy, baseline: null };
  demandStrict(policy);
  const cache = await cacheOf(args, surroundings);
  const { input, running } = readScanOptions(args, settings.config, surroundings.cwd);
  const options = {
    input,
    judging: {
      rules: await loadRules(chosen, settings.rules),
      rulesVersion: await loadRulesVersion(),
      policy,
    },
    running: { ...running, cache: cache?.layers, remote: readRemoteOptions(args, surroundings) },
  };
  const [before, given] = await reportsOf([old, fresh], surroundings.cwd, options);
  if (before === undefined || given === undefined) throw new TypeError('two give two reports');
  await cache?.close();
  const isSaved = await isSavedReport(resolve(surroundings.cwd, fresh));
  const after = isSaved
    ? await underLocks({ file: fresh, report: given }, { ...settings, policy }, args.rule)
    : given;
  const { compareReleases } = await import('../diff/compare-releases.ts');
  const compared = compareReleases([before, after], policy, {
    known: settings.rules.ids,
    chosen: args.rule === undefined ? undefined : chosen,
  });
  await outputs.write(compared, await loadAllRules(settings.rules));
  return exitCodes[compared.gate.state];
}
