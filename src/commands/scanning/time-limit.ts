import { amount } from '../../base/amount.ts';
import { TimedOut, UsageError } from '../../base/errors.ts';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
/** In seconds: the maximum of a timer in Node. */
const longest = (2 ** 31 - 1) / 1000;

/** Seconds of `90`, `90s`, `10m` or `1h`; null without one. Throws UsageError. */
export function readTimeLimit(text: string | undefined): number | null {
  if (text === undefined) return null;
  const match = /^(\d{1,9})([smh]?)$/.exec(text);
  const seconds = Number(match?.[1]) * (units[match?.[2] || 's'] ?? 1);
  if (!(seconds >= 1 && seconds <= longest))
    throw new UsageError(`--timeout is ${text}, expected a time such as 90s, 10m or 1h`);
  return seconds;
}

/** Returns the result of the work, or throws TimedOut; the work then goes on until the process ends. */
export async function withinTimeLimit<T>(seconds: number | null, work: Promise<T>): Promise<T> {
  if (seconds === null) return work;
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    const error = new TimedOut(
      `stopped after ${amount(seconds, 'second')} (--timeout); no report was written`,
    );
    timer = setTimeout(() => reject(error), seconds * 1000);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}
