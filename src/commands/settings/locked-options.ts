import { UsageError } from '../../base/errors.ts';
import { lockOfAny, ofVerdicts, refusesDebugFiles } from '../../policy/config/locks.ts';
import type { Settings } from './settings.ts';

/** Options that are not settings, and can loosen locked ones anyway. */
export interface LooseningOptions {
  readonly rule?: readonly string[] | undefined;
  /** What narrows the rules, where it is not the option. */
  readonly narrowedBy?: string | undefined;
  readonly base?: string | undefined;
  /** What names the base image, where it is not the option. */
  readonly basedBy?: string | undefined;
  readonly debugDir?: readonly string[] | undefined;
  /** An input with files in it that `--elf-only` does not judge. */
  readonly leavesOut?: string | undefined;
  readonly updateBaseline?: boolean | undefined;
  /** `baseline update`: no gate is judged by what it writes, before somebody has seen it. */
  readonly rewritesBaseline?: boolean | undefined;
}

/** Throws UsageError for each option that takes away what a lock keeps. */
export function enforceLocksOnOptions(
  { locks, config, rules: { ids } }: Pick<Settings, 'locks' | 'config' | 'rules'>,
  { rule, narrowedBy = '--rule', base, basedBy = '--base', debugDir, ...updates }: LooseningOptions,
): void {
  const refuseUnder = (option: string, settings: readonly string[], because: string) => {
    const lock = lockOfAny(locks, settings);
    if (lock === null) return;
    throw new UsageError(`${option}: ${lock.setting} is locked by ${lock.place}, and ${because}`);
  };
  if (rule !== undefined && ids.some((id) => !rule.includes(id)))
    refuseUnder(narrowedBy, ['gate', 'rules', 'profile'], 'rules that are left out break no gate');
  if (base !== undefined && config.accept?.includes('named-base') !== true)
    refuseUnder(
      basedBy,
      ['gate', 'dependencies', 'overrides', 'rules', 'waivers'],
      'files of a base image count less',
    );
  if (debugDir !== undefined && refusesDebugFiles(config))
    refuseUnder(
      '--debug-dir',
      ofVerdicts,
      'who supplies a debug file decides what is undecided; `accept: [debug-files]` next to the lock allows it',
    );
  if (updates.leavesOut !== undefined)
    refuseUnder(
      `--elf-only leaves out ${updates.leavesOut}`,
      ['gate'],
      'files in it would break no gate: leave out the option, or the file',
    );
  if (updates.updateBaseline)
    refuseUnder('--update-baseline', ['baseline'], 'what is added to it does not count');
  if (updates.rewritesBaseline)
    refuseUnder('baseline update', ['baseline'], 'what is added to it does not count');
  if (updates.updateBaseline)
    refuseUnder(
      '--update-baseline',
      ['gate'],
      'a run does not accept what it found itself: hullcheck baseline update REPORT writes the file (REPORT is from -o json), and the next scan goes by it',
    );
}
