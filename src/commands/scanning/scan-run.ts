import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DamagedInput, UsageError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { defaultLimits } from '../../base/limits.ts';
import type { Acceptance } from '../../policy/baseline/entry.ts';
import { refuseUnasked } from '../../policy/config/unasked.ts';
import { exitCodes } from '../../policy/exit-code.ts';
import { demandStrict } from '../../policy/strict-policy.ts';
import type { NamedBase } from '../../sources/image/base/named-base.ts';
import { expandReferences } from '../../sources/input/expand-references.ts';
import { refuseSecondStandardInput } from '../../sources/input/path-of-reference.ts';
import type { SourceOptions } from '../../sources/source.ts';
import type { Surroundings } from '../command.ts';
import { chosenRules } from '../options/chosen-rules.ts';
import type { OutputArguments } from '../options/output-options.ts';
import { type RemoteArguments, readRemoteOptions } from '../options/remote-arguments.ts';
import { type RawScanOptions, readScanOptions } from '../options/scan-options.ts';
import { prepareOutputs } from '../output/report-outputs.ts';
import { type CacheArguments, cacheOf } from '../settings/cache-folder.ts';
import { enforceLocksOnOptions } from '../settings/locked-options.ts';
import { folderOf, readSettings, type Settings } from '../settings/settings.ts';
import { scanUnlessKnown } from './cached-scan.ts';
import { checkAgainst } from './check-against.ts';
import { elfFilesAmong, firstWithFiles } from './elf-files.ts';
import { progressDisplay } from './progress.ts';
import { readTimeLimit, withinTimeLimit } from './time-limit.ts';

export interface ScanArguments
  extends RawScanOptions,
    OutputArguments,
    CacheArguments,
    RemoteArguments {
  readonly inputList: string | undefined;
  readonly elfOnly: boolean;
  readonly updateBaseline: boolean;
  readonly owner: string | undefined;
  readonly reason: string | undefined;
  readonly expires: string | undefined;
  readonly timeout: string | undefined;
  readonly quiet: boolean;
  readonly base: string | undefined;
  readonly against: string | undefined;
}

/** Returns the exit code. Throws UsageError before anything is scanned. */
export async function runScan(
  named: readonly string[],
  args: ScanArguments,
  surroundings: Surroundings,
): Promise<number> {
  const all = [...named, ...readInputList(args.inputList, surroundings)];
  if (all.length === 0)
    throw new UsageError('name an image to scan, e.g. hullcheck app.tar; see hullcheck --help');
  const { kept: references, leftOut } = args.elfOnly
    ? elfFilesAmong(all, surroundings.cwd)
    : { kept: all, leftOut: [] };
  const leavesOut = await firstWithFiles(leftOut, surroundings.cwd);
  if (leavesOut !== undefined)
    enforceLocksOnOptions(
      await readSettings(args, surroundings, await expandReferences(references, defaultLimits)),
      { leavesOut },
    );
  if (references.length === 0) return nothingToScan(all.length, args, surroundings);
  refuseSecondStandardInput([
    ...references,
    ...[args.inputList, args.against].filter((each) => each !== undefined),
  ]);
  const images = await expandReferences(references, defaultLimits);
  const asked = await readSettings(args, surroundings, images);
  enforceLocksOnOptions(asked, args);
  checkAgainst(args, asked, surroundings.cwd);
  const settings = args.against === undefined ? asked : withoutBaseline(asked);
  // What has ended is replaced then.
  demandStrict(args.updateBaseline ? { ...settings.policy, baseline: null } : settings.policy);
  refuseUnasked(settings.policy, settings.layers);
  const remote = readRemoteOptions(args, surroundings);
  const rules = chosenRules(args.rule, settings.rules.ids);
  const { input, running } = readScanOptions(args, settings.config, surroundings.cwd);
  const base = await readBase(args.base, { ...input, remote });
  const timeLimit = readTimeLimit(args.timeout);
  const outputs = prepareOutputs(args, surroundings, folderOf(settings));
  const cache = await cacheOf(args, surroundings);
  const updateBaseline = await readBaselineUpdate(args, settings, surroundings);
  const display = progressDisplay(surroundings, args);
  const work = scanUnlessKnown({
    images,
    rules,
    updateBaseline,
    against: args.against ?? null,
    isNarrowed: args.rule !== undefined,
    cwd: surroundings.cwd,
    settings,
    input: base === undefined ? input : { ...input, base },
    running: { ...running, remote },
    outputs,
    cache,
    display,
    say: async (text) => {
      if (!args.quiet) await surroundings.stderr.write(text);
    },
  });
  const { exitCode, because } = await withinTimeLimit(timeLimit, work);
  if (!outputs.useStdout && !args.quiet)
    await surroundings.stderr.write(`hullcheck: ${escapeText(because)}\n`);
  return exitCode;
}

/** Of a hook: nothing stops a commit of texts alone. */
async function nothingToScan(
  count: number,
  { quiet }: ScanArguments,
  { stderr }: Surroundings,
): Promise<number> {
  const what =
    count === 1 ? 'the file is not an ELF file' : `none of ${count} files is an ELF file`;
  if (!quiet) await stderr.write(`hullcheck: ${what}: there is nothing to scan\n`);
  return exitCodes.holds;
}

/** The older release is what says what is known. */
function withoutBaseline(settings: Settings): Settings {
  const { policy, baselineFile } = settings;
  if (baselineFile === null) return settings;
  const remark = {
    kind: 'baseline-not-asked' as const,
    message: 'the baseline of the configuration does not count: --against says what is known',
  };
  return {
    ...settings,
    policy: { ...policy, baseline: null, remarks: [...(policy.remarks ?? []), remark] },
  };
}

async function readBaselineUpdate(
  args: ScanArguments,
  settings: Settings,
  { today }: Surroundings,
): Promise<Omit<Acceptance, 'date'> | null> {
  const { updateBaseline, owner, reason, expires } = args;
  const isGiven = [owner, reason, expires].some((value) => value !== undefined);
  if (!updateBaseline && isGiven)
    throw new UsageError('--owner, --reason and --expires require --update-baseline');
  if (!updateBaseline) return null;
  const { acceptanceFrom, checkBaselineUpdate } = await import('../output/baseline-update.ts');
  const accept = acceptanceFrom({ owner, reason, expires }, today);
  checkBaselineUpdate(settings, accept, today);
  return accept;
}

/** Throws UsageError also for a base that exists but cannot be read. */
async function readBase(
  asked: string | undefined,
  options: SourceOptions,
): Promise<NamedBase | undefined> {
  if (asked === undefined) return undefined;
  if (Array.isArray(asked)) throw new UsageError('--base was given more than once');
  const { readNamedBase } = await import('../../sources/image/base/named-base.ts');
  const { openTarget } = await import('../../sources/input/find-source.ts');
  try {
    return await readNamedBase(asked, options, openTarget);
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    throw new UsageError(`--base ${asked} cannot be read: ${error.message}`);
  }
}

/**
 * One reference per line; empty lines and lines that begin with `#` are ignored. `-` is standard input. Paths are
 * relative to the working directory, not to the list. Throws UsageError.
 */
function readInputList(file: string | undefined, { cwd }: Surroundings): readonly string[] {
  if (file === undefined) return [];
  if (Array.isArray(file)) throw new UsageError('--input-list was given more than once');
  const lines = textOf(file, cwd).split(/\r?\n/);
  const references = lines.map((line) => line.trim()).filter((line) => !/^(?:$|#)/.test(line));
  if (references.length > 0) return references;
  throw new UsageError(`--input-list ${file} is empty`);
}

const standardInput = 0;

function textOf(file: string, cwd: string): string {
  try {
    return readFileSync(file === '-' ? standardInput : resolve(cwd, file), 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`--input-list ${file} cannot be read: ${why}`);
  }
}
