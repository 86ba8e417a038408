import { dayAfter, isDay } from '../../base/day.ts';
import { UsageError } from '../../base/errors.ts';

/** The number in `90d`; null: it is not such a text. */
export function daysIn(text: string): number | null {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  return days === undefined ? null : Number(days);
}

/** A date, or `90d` from today. Throws UsageError, also for a day that has passed. */
export function endDay(text: string, today: string): string {
  const days = daysIn(text);
  const day = days === null ? text : dayAfter(today, days);
  if (!isDay(day))
    throw new UsageError(`--expires is ${text}, expected a date such as 2030-12-31, or 90d`);
  if (day < today)
    throw new UsageError(`--expires is ${text}, which has passed: today is ${today}`);
  return day;
}
