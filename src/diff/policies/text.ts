import { escapeText } from '../../base/escape.ts';
import { wrap } from '../../base/wrap.ts';
import { hang } from '../../reporters/text/text-layout.ts';
import { styleOf } from '../../reporters/text/text-style.ts';
import type { ListLook } from '../formats/diff-format.ts';
import type { PolicyDifference } from './policy-difference.ts';
import {
  answerText,
  changedImages,
  changeText,
  imageText,
  isWorse,
  longestList,
  settingText,
  sideText,
  totalText,
} from './policy-words.ts';

/** For a person at a terminal: what would change by image and in total, and the answer on the last line. */
export function* renderPolicyText(difference: PolicyDifference, look: ListLook): Generator<string> {
  const style = styleOf(look.color);
  const line = (head: string, text: string) => hang(head, escapeText(text), look.width);
  yield line('Old  ', sideText(difference.old));
  yield line('New  ', sideText(difference.new));
  yield '\n';
  const list = function* (title: string, items: readonly string[]) {
    if (items.length === 0) return;
    yield `${style.bold(`${title} (${items.length})`)}\n`;
    const shown = look.all ? items : items.slice(0, longestList);
    for (const item of shown) yield line('  ', item);
    if (shown.length < items.length)
      yield `${style.dim(`  and ${items.length - shown.length} more with --all`)}\n`;
    yield '\n';
  };
  yield* list('Settings', difference.settings.map(settingText));
  const images = changedImages(difference);
  if (images.length > 0)
    yield `${style.bold(`Images (${images.length} of ${difference.images.length} change)`)}\n`;
  for (const image of look.all ? images : images.slice(0, longestList)) {
    yield line('  ', imageText(image));
    const { broken, repaired } = image.conditions;
    for (const text of broken) yield line('    breaks the gate: ', text);
    for (const text of repaired) yield line('    breaks it no more: ', text);
    const changes = look.all ? image.changes : image.changes.slice(0, longestList);
    for (const change of changes) yield line('    ', changeText(change));
    const rest = image.changes.length - changes.length;
    if (rest > 0) yield `${style.dim(`    and ${rest} more with --all`)}\n`;
  }
  if (!look.all && images.length > longestList)
    yield `${style.dim(`  and ${images.length - longestList} more with --all`)}\n`;
  if (images.length > 0) yield '\n';
  if (difference.images.length > 1)
    yield* list('In total', difference.totals.changes.map(totalText));
  const { warnings, notices } = difference.new;
  yield* list('What the new policy needs', [...warnings, ...notices]);
  yield* list('Left out', difference.leftOut);
  const answer = isWorse(difference) ? 'WORSE' : 'NOTHING WORSE';
  const state = isWorse(difference) ? 'broken' : 'holds';
  const lines = wrap(`${answer}: ${escapeText(answerText(difference))}`, look.width).join('\n');
  yield `${lines.replace(answer, (word) => style.gate(state, word))}\n`;
}
