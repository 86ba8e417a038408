import { codeSpan, escapeMarkdown, shorten } from '../../reporters/markdown/escape-markdown.ts';
import type { ListLook } from '../formats/diff-format.ts';
import type { PolicyDifference } from './policy-difference.ts';
import {
  answerText,
  changedImages,
  changeText,
  isWorse,
  longestList,
  settingText,
  sideText,
  totalText,
} from './policy-words.ts';

/** Characters that GitHub takes as a comment, with room for what the user writes around it. */
const longest = 60_000;

/** For a comment on a pull request that changes the policy: as much as fits. */
export function* renderPolicyMarkdown(
  difference: PolicyDifference,
  look: ListLook,
): Generator<string> {
  let room = longest - 200;
  for (const line of linesOf(difference, look)) {
    room -= line.length;
    if (room < 0) {
      yield '\nThe rest does not fit here: hullcheck config diff -o json has all.\n';
      return;
    }
    yield line;
  }
}

function* linesOf(difference: PolicyDifference, { all }: ListLook): Generator<string> {
  // Reasons of a policy are what a review is about: they are whole, and the end of a long comment is left out.
  const plain = (text: string) => escapeMarkdown(text);
  const sign = isWorse(difference) ? '❌' : '✅';
  yield `## hullcheck config diff: ${sign} ${isWorse(difference) ? 'Worse' : 'Nothing worse'}\n\n`;
  yield `${plain(answerText(difference))}.\n\n`;
  yield `- old: ${plain(sideText(difference.old))}\n- new: ${plain(sideText(difference.new))}\n\n`;
  yield* list('Settings', difference.settings.map(settingText), all);
  const images = changedImages(difference);
  if (images.length > 0) {
    yield `### Images (${images.length} of ${difference.images.length} change)\n\n`;
    yield '| Image | Before | After | Why |\n|---|---|---|---|\n';
    const shown = all ? images : images.slice(0, longestList);
    for (const { name, before, after } of shown)
      yield `| ${codeSpan(shorten(name))} | ${before.state} | ${after.state} | ${plain(after.because).replaceAll('|', '\\|')} |\n`;
    const rest = images.length - shown.length;
    yield rest > 0 ? `\nand ${rest} more with \`--all\`\n\n` : '\n';
    for (const { name, conditions, changes } of shown) {
      const lines = [
        ...conditions.broken.map((text) => `breaks the gate: ${text}`),
        ...conditions.repaired.map((text) => `breaks it no more: ${text}`),
        ...changes.map(changeText),
      ];
      yield* list(name, lines, all, '####');
    }
  }
  if (difference.images.length > 1)
    yield* list('In total', difference.totals.changes.map(totalText), all);
  const { warnings, notices } = difference.new;
  yield* list('What the new policy needs', [...warnings, ...notices], all);
  yield* list('Left out', difference.leftOut, all);
}

function* list(
  title: string,
  items: readonly string[],
  all: boolean,
  heading = '###',
): Generator<string> {
  if (items.length === 0) return;
  yield `${heading} ${escapeMarkdown(shorten(title))} (${items.length})\n\n`;
  const shown = all ? items : items.slice(0, longestList);
  for (const item of shown) yield `- ${escapeMarkdown(item)}\n`;
  const rest = items.length - shown.length;
  yield rest > 0 ? `\nand ${rest} more with \`--all\`\n\n` : '\n';
}
