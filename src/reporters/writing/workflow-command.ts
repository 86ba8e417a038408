import { escapeText } from '../../base/escape.ts';

/** GitHub shows ten annotations of each level for a step, so the rest would only fill the log. */
export const mostAnnotations = 10;

/** As the runner decodes it; control characters are spelled out first, so that a line stays a line. */
export function escapeData(text: string): string {
  return escapeText(text).replaceAll('%', '%25');
}

export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
