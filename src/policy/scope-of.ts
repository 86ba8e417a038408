import type { Severity } from '../base/verdict.ts';

/** `of severity high or above`. */
export function scopeOf(failOn: Severity): string {
  return failOn === 'critical' ? 'of severity critical' : `of severity ${failOn} or above`;
}
