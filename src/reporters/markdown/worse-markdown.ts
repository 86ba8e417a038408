import { amount } from '../../base/amount.ts';
import { isIncomplete } from '../../base/problem.ts';
import type { Report } from '../../report/report.ts';
import { acceptedSentence, policyNews, policySources } from '../findings/accepted.ts';
import { distinguishFiles } from '../findings/distinguish-targets.ts';
import { againstText } from '../findings/older-release.ts';
import { type WorseEntry, worseEntries } from '../findings/worse-entries.ts';
import { worseFiles } from '../findings/worse-words.ts';
import { plainText } from '../remedies/remedy.ts';
import { codeSpan, escapeMarkdown, shorten } from './escape-markdown.ts';

/** Entries, so that a comment has at most 20 lines with those around them. */
const mostEntries = 10;

/** Names of images in the line that says what was compared. */
const mostNames = 3;

/** What follows the answer of a report that was compared: causes with what breaks first, then what else a reader must know. */
export function* worseMarkdown(report: Report): Generator<string> {
  const { targets } = report;
  const names = targets.slice(0, mostNames).map(({ name }) => codeSpan(shorten(name)));
  const more = targets.length > mostNames ? ` and ${targets.length - mostNames} more` : '';
  const against = againstText(report) ?? '';
  yield `${names.join(', ')}${more} ${escapeMarkdown(shorten(against))}.\n`;
  yield* worseList(report, mostEntries);
  const notes = notesOf(report);
  if (notes.length > 0) yield `\n${notes.join('. ')}.\n`;
}

/** A line for each; null: of all of them. */
export function* worseList(report: Report, most: number | null): Generator<string> {
  const entries = worseEntries(report);
  if (entries.length === 0) return;
  const isCut = most !== null && entries.length > most;
  const listed = isCut ? entries.slice(0, most - 1) : entries;
  const apart = distinguishFiles(report.targets);
  yield '\n';
  for (const entry of listed) yield `- ${entryText(entry, apart)}\n`;
  const rest = entries.slice(listed.length);
  if (rest.length === 0) return;
  const verdicts = rest.reduce((total, { findings }) => total + findings.length, 0);
  yield `- and ${amount(rest.length, 'more cause')} (${amount(verdicts, 'verdict')}): \`--all\` lists them\n`;
}

/** Bold: it breaks the gate. */
function entryText(entry: WorseEntry, apart: Parameters<typeof worseFiles>[1]): string {
  const { rule, severity, sentence, remedy, breaking } = entry;
  const weight = breaking > 0 ? `**${severity}**` : severity;
  const fix = remedy === null ? '' : `. Fix: ${fixMarkdown(remedy)}`;
  const spell = (name: string) => codeSpan(shorten(name), 'line');
  const files = worseFiles(entry, apart, { spell });
  return `${weight} ${codeSpan(rule, 'line')}: ${codeIn(shorten(sentence))}: ${files}${fix}`;
}

/** Command lines of a fix are longer than names. */
const longestFix = 600;

/** What is code in a remedy stays code, so that it can be copied. A remedy that is cut in code would be another command. */
export function fixMarkdown(remedy: string): string {
  const line = remedy
    .trim()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\s+/g, ' ');
  return line.length > longestFix ? escapeMarkdown(shorten(plainText(remedy))) : codeIn(line);
}

/** What stands between backticks is code; neither part can get out of it. */
export function codeIn(sentence: string): string {
  return sentence
    .split('`')
    .map((part, at) =>
      at % 2 === 0 || part === '' ? escapeMarkdown(part) : codeSpan(part, 'line'),
    )
    .join('');
}

/** In one line: what does not count, by what it was judged, and what is missing. The rest is in other formats. */
function notesOf(report: Report): readonly string[] {
  const accepted = acceptedSentence(report);
  const sources = policySources(report);
  const problems = report.targets.flatMap((target) => target.problems).filter(isIncomplete);
  const [news, ...others] = policyNews(report.policy);
  return [
    ...(accepted === null ? [] : [`Not counted: ${accepted}`]),
    ...(sources === null ? [] : [`Judged by ${escapeMarkdown(shorten(sources))}`]),
    ...(problems.length === 0 ? [] : [`Not scanned: ${amount(problems.length, 'part')}`]),
    ...(news === undefined ? [] : [escapeMarkdown(shorten(news))]),
    ...(others.length === 0 ? [] : [`${amount(others.length, 'more note')} with \`--all\``]),
  ];
}
