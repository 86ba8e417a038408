import { isDay } from '../../base/day.ts';
import { UsageError } from '../../base/errors.ts';
import type { Surroundings } from '../command.ts';

/** The day of a run. */
export interface RunDate {
  /** The day that decides which waivers have ended. */
  readonly today: string;
  /** As given, for reports; null: nobody gave one, and the same input has to give the same bytes on every day. */
  readonly stated: string | null;
  /** What gave it; null: the clock. */
  readonly by: '--date' | 'SOURCE_DATE_EPOCH' | null;
}

export const dateOption = {
  string: true,
  requiresArg: true,
  describe:
    'Day of the run (YYYY-MM-DD): reports show it, and it decides which waivers have ended (default: today, not shown)',
} as const;

/**
 * The option before the variable, as for every setting. The variable is often set for compilers, to the day of the last commit: it
 * dates a report, and must not revive a waiver that has ended since. Throws UsageError.
 */
export function runDate(
  given: unknown,
  { env, today }: Pick<Surroundings, 'env' | 'today'>,
): RunDate {
  if (Array.isArray(given)) throw new UsageError('--date was given more than once');
  if (typeof given === 'string') {
    if (!isDay(given))
      throw new UsageError(`--date is ${given}, expected a day such as 2030-12-31`);
    return { today: given, stated: given, by: '--date' };
  }
  const seconds = env['SOURCE_DATE_EPOCH'];
  if (seconds === undefined || seconds === '') return { today, stated: null, by: null };
  const day = dayOfSeconds(seconds);
  if (day === null)
    throw new UsageError(
      `SOURCE_DATE_EPOCH is ${seconds}, expected a number of seconds since 1970-01-01`,
    );
  return { today: day > today ? day : today, stated: day, by: 'SOURCE_DATE_EPOCH' };
}

/** https://reproducible-builds.org/specs/source-date-epoch: a number in ASCII digits. Up to the year 9999, as all dates here. */
function dayOfSeconds(text: string): string | null {
  if (!/^\d{1,12}$/.test(text) || Number(text) > lastSecond) return null;
  return new Date(Number(text) * 1000).toISOString().slice(0, 10);
}

const lastSecond = 253_402_300_799;
