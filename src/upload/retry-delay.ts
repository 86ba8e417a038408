import type { Attempt } from './attempt.ts';

/** A retry is not waited for longer than this. */
const longestDelay = 300_000;

/**
 * Milliseconds until another attempt makes sense; null when it does not. As GitHub asks of its clients: what
 * Retry-After says, else a minute for a rate limit and growing pauses for an error of the server.
 */
export function retryDelay(attempt: Attempt, count: number): number | null {
  const backoff = 1000 * 2 ** (count - 1);
  if ('error' in attempt) return backoff;
  const { status, retryAfter, exhausted } = attempt;
  // Secondary rate limits come as 403.
  const limited = status === 429 || (status === 403 && (retryAfter !== null || exhausted));
  if (!limited && status < 500) return null;
  const asked = parseRetryAfter(retryAfter) ?? (limited ? Math.max(60_000, backoff) : backoff);
  return asked <= longestDelay ? asked : null;
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function parseRetryAfter(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
