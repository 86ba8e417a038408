import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import { isIncomplete, isUnread } from '../../base/problem.ts';
import { wrap } from '../../base/wrap.ts';
import { isFinding } from '../../report/finding.ts';
import { ownGates } from '../../report/gates.ts';
import type { Report } from '../../report/report.ts';
import { acceptedSentence, policyNews, policySources } from '../findings/accepted.ts';
import { findingsOf, type RuleTally, tallyRules } from '../findings/findings-of.ts';
import { groupsOf } from '../groups/groups-of.ts';
import { answerOf } from './text-headline.ts';
import { hang, table } from './text-layout.ts';
import { isOfPackages } from './text-packages.ts';
import type { Page } from './text-page.ts';
import { noticesOf, renderUnscanned, withoutNames } from './text-problems.ts';
import { isQuiet } from './text-sections.ts';

/** A run can fix hundreds of findings of a baseline. */
const mostNews = 10;

export function* renderEnd(report: Report, page: Page): Generator<string> {
  const blank = '\n';
  const parts = [
    page.all ? [...renderTallies(report, page)].join('') : '',
    [...renderPolicy(report, page)].join(''),
    [...renderHints(report, page)].join(''),
    [...renderUnscanned(report, page)].join(''),
    [...renderGates(report, page)].join(''),
  ].filter((part) => part !== '');
  for (const part of parts) yield blank + part;
  if (parts.length > 0 || hasBody(report, page)) yield blank;
  const answer = answerOf(report);
  const lines = wrap(`${answer}: ${escapeText(withoutNames(report))}`, page.width);
  yield `${lines.join('\n').replace(answer, (text) => page.style.gate(report.gate.state, text))}\n`;
}

/** Images whose gates hold are listed up to here; a gate that does not hold always is. */
const mostHolding = 20;

/** Of several images each one's gate, in front of the last line, which is of all. */
function* renderGates(report: Report, { style, width, all }: Page): Generator<string> {
  const images = ownGates(report);
  if (images.length === 0) return;
  const holding = images.filter(({ gate }) => gate.state === 'holds');
  // A table of packages has a line for each already.
  const most = all ? holding.length : isOfPackages(report) ? 0 : mostHolding;
  const left = new Set(holding.slice(most));
  yield `${style.bold('Gates')}\n`;
  for (const image of images) {
    const { name, targets, gate } = image;
    if (left.has(image)) continue;
    const text = escapeText(`${name}: ${withoutNames({ targets, gate })}`);
    yield hang(`  ${gate.state.padEnd(10)} `, text, width).replace(gate.state, (word) =>
      style.gate(gate.state, word),
    );
  }
  if (left.size > 0) {
    const more = `${left.size} ${holding.length < images.length || most > 0 ? 'more hold' : 'hold'}`;
    yield style.dim(`  ${more}: --all lists them`).concat('\n');
  }
}

/** Whether anything stands between the first lines and the last that somebody has to act on. */
function hasBody(report: Report, page: Page): boolean {
  return !isQuiet(report, groupsOf(report, { wanted: page.isListed }), page);
}

/** Rules that found nothing are counted: a person looks for those that did. */
function* renderTallies(report: Report, { style, all }: Page): Generator<string> {
  const asked = tallyRules(report);
  const tallies = all ? asked : asked.filter(isWorthARow);
  const rest = asked.length - tallies.length;
  const others = `${amount(rest, tallies.length > 0 ? 'more rule' : 'rule')} found nothing\n`;
  if (tallies.length === 0) {
    if (rest > 0) yield others;
    return;
  }
  const accepts = tallies.some(({ accepted }) => accepted > 0);
  const [head = '', ...lines] = table([
    ['Rule', 'fail', ...(accepts ? ['accepted'] : []), 'unknown', 'pass', 'n/a'],
    ...rows(tallies, accepts),
  ]);
  yield `${style.bold(head)}\n`;
  for (const line of lines) yield `${line}\n`;
  if (rest > 0) yield style.dim(others);
}

function isWorthARow({ outcomes, accepted }: RuleTally): boolean {
  return outcomes.fail + outcomes.unknown + accepted > 0;
}

function rows(tallies: readonly RuleTally[], accepts: boolean): string[][] {
  return tallies.map(({ rule, outcomes, accepted }) =>
    [
      rule,
      outcomes.fail,
      ...(accepts ? [accepted] : []),
      outcomes.unknown,
      outcomes.pass,
      outcomes['not-applicable'],
    ].map(String),
  );
}

/** Nothing accepted is silently gone: how much there is, and what the policy itself needs. */
function* renderPolicy(report: Report, { style, width, all }: Page): Generator<string> {
  const accepted = acceptedSentence(report);
  const news = policyNews(report.policy);
  const sources = policySources(report);
  if (accepted === null && news.length === 0 && sources === null) return;
  yield `${style.bold('Policy')}\n`;
  if (sources !== null) yield hang('  ', escapeText(sources), width);
  if (accepted !== null) yield hang('  ', `${accepted}; --all shows them`, width);
  const listed = all ? news : news.slice(0, mostNews);
  for (const line of listed) yield hang('  ', escapeText(line), width);
  if (news.length > listed.length)
    yield style.dim(`  and ${news.length - listed.length} more with --all`).concat('\n');
}

/** What is not shown, and how it is. */
function* renderHints(report: Report, page: Page): Generator<string> {
  const { all, style, width } = page;
  if (all || !(hasBody(report, page) || leavesUnread(report))) return;
  const verdicts = findingsOf(report, 'everything')
    .filter(({ verdict, target }) => !page.isListed(verdict, target))
    .map(({ verdict }) => verdict);
  const low = verdicts.filter(isFinding).length;
  const unknown = verdicts.filter(({ outcome }) => outcome === 'unknown');
  const notices = noticesOf(report);
  const left = [
    ...(low > 0 ? [`${low} low and notes`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} unknown`] : []),
    ...(notices === null ? [] : [notices]),
  ];
  const more = left.length > 0 ? [`--all (${left.join(', ')})`] : [];
  const text = `More: ${[...more, 'hullcheck explain RULE'].join(', ')}`;
  for (const line of wrap(text, width)) yield `${style.dim(line)}\n`;
}

/** What is not read is counted in every report, a clean one too. */
function leavesUnread({ targets }: Report): boolean {
  return targets.some(({ problems }) =>
    problems.some((each) => !isIncomplete(each) && isUnread(each)),
  );
}
