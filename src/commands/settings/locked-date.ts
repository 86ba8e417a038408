import { UsageError } from '../../base/errors.ts';
import { type Lock, lockOfAny } from '../../policy/config/locks.ts';
import type { RunDate } from '../options/date-option.ts';

/** Throws UsageError for a day in the past where what has ended since is locked: it would count again. */
export function enforceLocksOnDate(
  locks: readonly Lock[],
  { by, today }: RunDate,
  clock: string,
): void {
  if (by !== '--date' || today >= clock) return;
  const lock = lockOfAny(locks, ['waivers', 'baseline', 'gate']);
  if (lock === null) return;
  throw new UsageError(
    `--date ${today}: ${lock.setting} is locked by ${lock.place}, and a day before today (${clock}) revives what has ended`,
  );
}
