import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import { type Severity, severities } from '../../base/verdict.ts';
import type { Acceptance, BaselineEntry } from '../../policy/baseline/entry.ts';
import type { BaselineUpdate, Pruning } from '../../policy/baseline/update.ts';

export interface SummaryOptions {
  /** As the user called the file; null: standard output. */
  readonly name: string | null;
  /** Whether nothing is written. */
  readonly isDry: boolean;
  /** Lines of a list; the rest is counted. */
  readonly most: number;
}

/** What an update accepts by rule and binary, the most severe first, and what does not occur any more. */
export function* baselineSummary(
  { accepted, gone, kept, untouched }: BaselineUpdate,
  { name, isDry, most }: SummaryOptions,
): Generator<string> {
  const counts = [
    `${amount(accepted.length, 'finding')} ${isDry ? 'would be accepted' : 'accepted'}`,
    ...(kept === 0 ? [] : [`${kept} known before`]),
    ...(gone.length === 0
      ? []
      : [`${gone.length} that no longer ${gone.length === 1 ? 'occurs' : 'occur'} left out`]),
    ...(untouched === 0 ? [] : [`${untouched} of others or not decided kept`]),
  ];
  yield `${name === null ? 'baseline' : escapeText(name)}: ${counts.join(', ')}\n`;
  const images = new Set(accepted.map(({ image }) => image));
  yield* linesOf(
    accepted.map((entry) => acceptedLine(entry, images.size > 1)),
    most,
  );
  if (accepted.length > 0) yield `  ${acceptanceText(accepted[0] ?? {})}\n`;
  yield* goneLines(gone, most);
}

/** What is taken out, with how many stay, and how many findings a baseline does not know. */
export function* pruneSummary(
  { baseline, gone, others }: Pruning,
  { name, isDry, most }: SummaryOptions,
): Generator<string> {
  const counts = [
    `${gone.length} that no longer ${gone.length === 1 ? 'occurs' : 'occur'} ${isDry ? 'would be left out' : 'left out'}`,
    `${baseline.length} ${baseline.length === 1 ? 'stays' : 'stay'}`,
    ...(others === 0
      ? []
      : [`${amount(others, 'finding')} of the report ${others === 1 ? 'is' : 'are'} not in it`]),
  ];
  yield `${name === null ? 'baseline' : escapeText(name)}: ${counts.join(', ')}\n`;
  yield* goneLines(gone, most);
}

function* goneLines(gone: BaselineUpdate['gone'], most: number): Generator<string> {
  if (gone.length > 0) yield `No longer there (${gone.length}):\n`;
  yield* linesOf(
    gone.map(({ rule, path, how }) => `${rule}  ${path} (${how})`),
    most,
  );
}

function acceptedLine(
  { severity = 'note', rule, path, image }: BaselineEntry,
  isOfMany: boolean,
): string {
  const of = isOfMany && image !== undefined ? ` (${image})` : '';
  return `${severity.padEnd(longestSeverity)}  ${rule}  ${path}${of}`;
}

const longestSeverity = Math.max(...severities.map((severity: Severity) => severity.length));

/** They are all accepted in the same way. */
function acceptanceText({ owner, reason, expires }: Acceptance): string {
  const parts = [
    owner === undefined ? 'without an owner (--owner)' : `owner: ${owner}`,
    reason === undefined ? 'without a reason (--reason)' : `reason: ${reason}`,
    expires === undefined ? 'without an end (--expires)' : `until ${expires}`,
  ];
  return escapeText(parts.join(', '));
}

function* linesOf(lines: readonly string[], most: number): Generator<string> {
  for (const line of lines.slice(0, most)) yield `  ${escapeText(line)}\n`;
  if (lines.length > most) yield `  and ${lines.length - most} more\n`;
}
