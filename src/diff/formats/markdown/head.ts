import { escapeMarkdown, shorten } from '../../../reporters/markdown/escape-markdown.ts';
import type { Compared } from '../diff-format.ts';
import { answerOf, sideText } from '../words/words.ts';

const signs = { holds: '✅', broken: '❌', undecided: '⚠️' } as const;

/** It names conditions and counts, and may name files. */
const longestSentence = 1000;

/** Six lines: the answer, why, and what was compared. */
export function* markdownHead({ difference, gate }: Compared): Generator<string> {
  yield `## hullcheck diff: ${signs[gate.state]} ${answerOf(difference, gate)}\n\n`;
  yield `${escapeMarkdown(shorten(gate.because, longestSentence))}.\n\n`;
  yield `- old: ${escapeMarkdown(shorten(sideText(difference.old)))}\n`;
  yield `- new: ${escapeMarkdown(shorten(sideText(difference.new)))}\n`;
}
