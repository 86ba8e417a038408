import { amount } from '../../base/amount.ts';
import type { Report } from '../../report/report.ts';
import { acceptedSentence, policyNews, policySources } from '../findings/accepted.ts';
import { waiverInUseText, waiversInUse } from '../findings/waivers-in-use.ts';
import { closed, opened } from './details.ts';
import { escapeMarkdown, shorten } from './escape-markdown.ts';

/** Reports what is accepted, and what the policy itself needs. */
export function* renderPolicy(report: Report): Generator<string> {
  const accepted = acceptedSentence(report);
  const news = policyNews(report.policy);
  const sources = policySources(report);
  if (sources !== null) yield `Judged by ${escapeMarkdown(shorten(sources))}.\n\n`;
  if (accepted !== null) yield `Not counted: ${accepted}.\n\n`;
  const waivers = waiversInUse(report).map(waiverInUseText);
  yield* renderList(waivers, 'waiver');
  yield* renderList(news, 'notice');
}

/** Lines that a reader sees at once, and those that can be opened. */
const mostSeen = 3;
const mostOpened = 20;

/** What is more than a few lines is opened by its reader. */
function* renderList(lines: readonly string[], noun: string): Generator<string> {
  if (lines.length === 0) return;
  const item = (line: string) => `- ${escapeMarkdown(shorten(line))}\n`;
  for (const line of lines.slice(0, mostSeen)) yield item(line);
  yield '\n';
  const rest = lines.slice(mostSeen);
  if (rest.length === 0) return;
  yield opened(amount(rest.length, `more ${noun}`));
  for (const line of rest.slice(0, mostOpened)) yield item(line);
  if (rest.length > mostOpened) yield `- and ${rest.length - mostOpened} more\n`;
  yield closed;
}
