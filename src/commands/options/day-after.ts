import { UsageError } from '../../base/errors.ts';

/** `2030-12-31` */
export function dayAfter(today: string, days: number): string {
  return new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
}

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

/** Of the calendar: `2027-02-30` is none. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}
