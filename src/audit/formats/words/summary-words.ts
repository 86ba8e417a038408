import type { Audit } from '../../audit.ts';
import { inactiveSummary, unlistedText } from './inactive-words.ts';
import { acceptedSummary } from './words.ts';

/** `3 waivers and 1 baseline acceptance accept 12 verdicts; 1 has ended, 2 end by 2026-12-30; 1 waiver accepted nothing (1 had ended)`. */
export function summaryOf(audit: Audit): string {
  return [acceptedSummary(audit), inactiveSummary(audit), unlistedText(audit)]
    .filter((part) => part !== null)
    .join('; ');
}
