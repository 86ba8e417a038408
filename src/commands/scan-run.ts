// supporting: reads the options of `hullcheck scan` and runs it

import { dirname } from 'node:path';
import { DamagedInput, UsageError } from '../base/errors.ts';
import { defaultLimits } from '../base/limits.ts';
import { escapeText } from '../reporters/escape.ts';
import type { NamedBase } from '../sources/base/named-base.ts';
import { expandReferences } from '../sources/expand-references.ts';
import type { SourceOptions } from '../sources/source.ts';
import { type CacheArguments, cacheOf } from './cache-folder.ts';
import { chosenRules } from './chosen-rules.ts';
import type { Surroundings } from './command.ts';
import { readInputList } from './input-list.ts';
import type { OutputArguments } from './output-options.ts';
import { progressDisplay } from './progress.ts';
import { type RemoteArguments, readRemoteOptions } from './remote-options.ts';
import { prepareOutputs } from './report-outputs.ts';
import { answer } from './scan-answer.ts';
import { type RawScanOptions, readScanOptions } from './scan-options.ts';
import { readSettings, type Settings } from './settings.ts';
import { readTimeLimit, withinTimeLimit } from './time-limit.ts';

export interface ScanArguments
  extends RawScanOptions,
    OutputArguments,
    CacheArguments,
    RemoteArguments {
  readonly inputList: string | undefined;
  readonly updateBaseline: boolean;
  readonly timeout: string | undefined;
  readonly quiet: boolean;
  readonly base: string | undefined;
}

/** Returns the exit code. Throws UsageError before anything is scanned. */
export async function runScan(
  named: readonly string[],
  args: ScanArguments,
  surroundings: Surroundings,
): Promise<number> {
  const references = [...named, ...readInputList(args.inputList, surroundings)];
  if (references.length === 0)
    throw new UsageError('name an image to scan, e.g. hullcheck app.tar; see hullcheck --help');
  const images = await expandReferences(references, defaultLimits);
  const settings = await readSettings(args, surroundings, images);
  const remote = readRemoteOptions(args, surroundings);
  const rules = chosenRules(args.rule);
  const plain = { ...readScanOptions(args, settings), remote };
  const base = await readBase(args.base, plain);
  const options = base === undefined ? plain : { ...plain, base };
  const timeLimit = readTimeLimit(args.timeout);
  const outputs = prepareOutputs(args, surroundings, folderOf(settings));
  const cache = await cacheOf(args, surroundings);
  if (args.updateBaseline) {
    const { checkBaselineUpdate } = await import('./baseline-update.ts');
    checkBaselineUpdate(settings);
  }
  const display = progressDisplay(surroundings, args);
  const { updateBaseline } = args;
  const work = answer({
    images,
    rules,
    updateBaseline,
    settings,
    options,
    outputs,
    cache,
    display,
  });
  const { exitCode, because } = await withinTimeLimit(timeLimit, work);
  if (!outputs.useStdout && !args.quiet)
    await surroundings.stderr.write(`hullcheck: ${escapeText(because)}\n`);
  return exitCode;
}

function folderOf({ file }: Settings): string | null {
  return file === null ? null : dirname(file.path);
}

/** Throws UsageError also for a base that exists but cannot be read. */
async function readBase(
  asked: string | undefined,
  options: SourceOptions,
): Promise<NamedBase | undefined> {
  if (asked === undefined) return undefined;
  if (Array.isArray(asked)) throw new UsageError('--base was given more than once');
  const { readNamedBase } = await import('../sources/base/named-base.ts');
  const { openTarget } = await import('../sources/find-source.ts');
  try {
    return await readNamedBase(asked, options, openTarget);
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    throw new UsageError(`--base ${asked} cannot be read: ${error.message}`);
  }
}
