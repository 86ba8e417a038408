import { amount } from '../../../base/amount.ts';
import { escapeText } from '../../../base/escape.ts';
import { owners } from '../../../reporters/groups/groups-of.ts';
import { plainText } from '../../../reporters/remedies/remedy.ts';
import { hang } from '../../../reporters/text/text-layout.ts';
import { groupChanges } from '../../group-changes.ts';
import { type ShownCause, shownCauses } from '../../shown-causes.ts';
import type { Compared } from '../diff-format.ts';
import { fileNames, filesText, plainSentence } from '../words/cause-words.ts';
import { longestList, whoseTitles } from '../words/words.ts';
import { renderGroups } from './text-changes.ts';
import type { Page } from './text-page.ts';

/**
 * What became worse, by whose the files are: an entry for each cause of yours and for each that breaks the gate. What others made and
 * nobody here can change is a line for each component.
 */
export function* renderWorse(compared: Compared, page: Page): Generator<string> {
  const { difference, gate } = compared;
  const { worse } = difference;
  if (worse.length === 0) return;
  const { style } = page;
  yield `${style.bold(`Worse (${worse.length})`)}\n`;
  const causes = shownCauses(difference, gate);
  const isOwnOnly = worse.every(({ whose }) => whose === 'yours');
  for (const owner of owners) {
    const of = causes.filter(({ whose }) => whose === owner);
    const count = of.reduce((sum, { entries }) => sum + entries.length, 0);
    if (count === 0) continue;
    if (!isOwnOnly) yield ` ${style.bold(whoseTitles[owner])}: ${count}\n`;
    const isEntry = (cause: ShownCause) => page.all || owner === 'yours' || cause.breaks;
    yield* renderCauses(of.filter(isEntry), compared, page);
    const others = of.filter((cause) => !isEntry(cause)).flatMap(({ changes }) => changes);
    yield* renderGroups(groupChanges(others), page);
  }
  yield '\n';
}

function* renderCauses(
  causes: readonly ShownCause[],
  compared: Compared,
  page: Page,
): Generator<string> {
  const listed = page.all ? causes : causes.slice(0, longestList);
  for (const cause of listed) yield* renderCause(cause, compared, page);
  const rest = causes.slice(listed.length);
  if (rest.length === 0) return;
  const verdicts = rest.reduce((sum, { entries }) => sum + entries.length, 0);
  const text = `and ${amount(rest.length, 'more cause')} (${amount(verdicts, 'verdict')}) with --all`;
  yield `${page.style.dim(`  ${text}`)}\n`;
}

function* renderCause(cause: ShownCause, compared: Compared, page: Page): Generator<string> {
  const { severity, rule, remedy } = cause;
  const { style, width, all } = page;
  const label = severity.padEnd(8);
  const said = `${rule}: ${plainSentence(cause)}`;
  yield hang(`  ${label}  `, escapeText(said), width).replace(label, (word) =>
    style.severity(severity, word),
  );
  const files = all ? fileNames(cause, compared, true) : [filesText(cause, compared)];
  for (const text of files) yield hang('            ', escapeText(text), width);
  if (remedy !== null) yield hang('            fix: ', escapeText(plainText(remedy)), width);
}
