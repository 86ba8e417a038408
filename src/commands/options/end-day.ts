import { dayAfter, isDay } from '../../base/day.ts';
import { UsageError } from '../../base/errors.ts';

/** A date, or `90d` from today. Throws UsageError, also for a day that has passed. */
export function endDay(text: string, today: string): string {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  const day = days === undefined ? text : dayAfter(today, Number(days));
  if (!isDay(day))
    throw new UsageError(`--expires is ${text}, expected a date such as 2030-12-31, or 90d`);
  if (day < today)
    throw new UsageError(`--expires is ${text}, which has passed: today is ${today}`);
  return day;
}
