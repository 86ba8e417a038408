import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { covers } from '../../report/locked-settings.ts';
import type { Settings } from '../settings/settings.ts';

/** Options of a scan that an older release leaves no sense to. */
export interface AgainstArguments {
  readonly against: string | undefined;
  readonly base: string | undefined;
  readonly baseline?: unknown;
  readonly worseThan?: unknown;
  readonly updateBaseline: boolean;
}

/** Throws UsageError before anything is scanned. */
export function checkAgainst(args: AgainstArguments, settings: Settings, cwd: string): void {
  const { against } = args;
  if (against === undefined) {
    if (args.worseThan !== undefined)
      throw new UsageError(
        '--worse-than requires --against OLD: it says what got worse than there',
      );
    demandAgainst(settings, 'name the older release with --against');
    return;
  }
  if (Array.isArray(against)) throw new UsageError('--against was given more than once');
  if (against === '') throw new UsageError('--against names nothing');
  if (args.updateBaseline)
    throw new UsageError(
      '--update-baseline and --against are two ways to know what is new: give one',
    );
  if (args.baseline !== undefined)
    throw new UsageError('--baseline and --against are two ways to know what is new: give one');
  if (args.base !== undefined)
    throw new UsageError(
      '--base is of the images that are scanned, and --against names another one: scan each with --base and -o json=FILE, and compare the two files with hullcheck diff',
    );
  const looksLikePath = /^(?:\.{0,2}\/|dir:|file:)/.test(against) || /\.json$/.test(against);
  const path = resolve(cwd, against);
  if (
    looksLikePath &&
    !against.includes(':') &&
    statSync(path, { throwIfNoEntry: false }) === undefined
  )
    throw new UsageError(`--against ${against}: there is no such file or folder`);
}

/**
 * A policy that sets `gate.worse-than` and locks it wants every release to be compared: a run that leaves out the comparison would
 * hold without being asked. Throws UsageError.
 */
export function demandAgainst(
  { locks, layers, policy }: Pick<Settings, 'locks' | 'layers' | 'policy'>,
  remedy: string,
): void {
  const lock = locks.find(({ setting }) => covers(setting, ofWorse));
  const layer = layers.findLast(({ config }) => config.gate?.['worse-than'] !== undefined);
  if (lock === undefined || policy.gate.worseThan === 'none' || layer === undefined) return;
  if (layer.originOf(ofWorse) === 'default') return;
  throw new UsageError(
    `${ofWorse} is set at ${layer.placeOf(ofWorse)} and locked by ${lock.place}: ${remedy}`,
  );
}

const ofWorse = 'gate.worse-than';
