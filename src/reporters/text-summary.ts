// supporting: the end of the text report, which a terminal shows last
import { amount } from '../amount.ts';
import { isFinding } from '../finding.ts';
import { isBinary } from '../judged.ts';
import type { Report } from '../report.ts';
import { type Severity, severities } from '../verdict.ts';
import { acceptedSentence, policyNews, policySources } from './acceptance.ts';
import { type Apart, tellApart } from './apart.ts';
import { escapeText } from './escape.ts';
import { type Finding, findingsOf, type RuleTally, tallyRules } from './findings.ts';
import { remediesFor } from './remedy.ts';
import type { Page } from './text.ts';
import { listedTarget } from './text-as-packaged.ts';
import { hang, table, wrap } from './text-layout.ts';
import { noticesOf, renderUnscanned, withoutNames } from './text-problems.ts';

/** Of one rule: what is left needs them less. */
const mostRemedies = 2;

/** A baseline can be mended by the hundred. */
const mostNews = 10;

export function* renderSummary(report: Report, page: Page): Generator<string> {
  const targets = report.targets.map((target) => listedTarget(target, page));
  const listed = { ...report, targets };
  // Its numbers are of all files, but a page that names none needs no table.
  if (isOpen(listed)) yield* renderTallies(report, page);
  yield* renderWorst(listed, page);
  yield* renderPolicy(report, page);
  yield* renderHints(listed, page);
  yield* renderUnscanned(report, page);
  const answer = { holds: 'GATE HOLDS', broken: 'GATE BROKEN', open: 'GATE HAS NO ANSWER' }[
    report.gate.state
  ];
  const lines = wrap(`${answer}: ${escapeText(withoutNames(report))}`, page.width);
  yield `${lines.join('\n').replace(answer, (text) => page.style.gate(report.gate.state, text))}\n`;
}

/** Whether anything is left to say of what is not as packaged. */
function isOpen({ targets }: Report): boolean {
  return targets.some(
    ({ binaries, image }) =>
      binaries.length > 0 ||
      image?.verdicts.some(({ outcome }) => outcome === 'fail' || outcome === 'unknown'),
  );
}

/** Rules that found nothing are counted: a person looks for those that did. */
function* renderTallies(report: Report, { style, all }: Page): Generator<string> {
  const asked = tallyRules(report);
  const tallies = all ? asked : asked.filter(isWorthARow);
  const rest = asked.length - tallies.length;
  const others = `${amount(rest, tallies.length > 0 ? 'more rule' : 'rule')} found nothing\n\n`;
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
  yield rest > 0 ? style.dim(others) : '\n';
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

/** The five rules that failed worst and most often, each with where and with the flag that mends it. */
function* renderWorst(report: Report, page: Page): Generator<string> {
  const groups = groupByRule(
    findingsOf(report).filter(({ verdict }) => page.shown.includes(verdict.severity)),
  );
  if (groups.length === 0) return;
  yield `${page.style.bold('Mend first')}\n`;
  const apart = tellApart(report.targets);
  for (const group of groups.slice(0, 5)) yield* renderGroup(group, apart, page);
  if (groups.length > 5)
    yield page.style.dim(`  and ${amount(groups.length - 5, 'more rule')}, above`).concat('\n');
  yield '\n';
}

interface Group {
  readonly rule: string;
  /** Of the worst finding. */
  readonly severity: Severity;
  readonly findings: Finding[];
}

function isOfImage({ judged }: Finding): boolean {
  return !isBinary(judged);
}

function groupByRule(findings: readonly Finding[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const { rule, severity } = finding.verdict;
    const group = groups.get(rule) ?? { rule, severity, findings: [] };
    groups.set(rule, group);
    group.findings.push(finding);
  }
  // What does not start is fixed before what is built badly.
  const ofImages = ({ findings }: Group) => (findings.some(isOfImage) ? 0 : 1);
  return [...groups.values()].toSorted(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      ofImages(a) - ofImages(b) ||
      b.findings.length - a.findings.length,
  );
}

function* renderGroup(
  { rule, severity, findings }: Group,
  apart: Apart,
  page: Page,
): Generator<string> {
  const label = severity.padEnd(8);
  const named = findings.slice(0, 2).map(({ target, judged }) => {
    const which = apart(target);
    return which === null ? judged.path : `${judged.path} (${which})`;
  });
  const more = findings.length > 2 ? ` and ${findings.length - 2} more` : '';
  yield hang(`  ${label}  `, escapeText(`${rule}: ${named.join(', ')}${more}`), page.width).replace(
    label,
    (text) => page.style.severity(severity, text),
  );
  for (const { toolchain, text } of remediesFor(findings, page.rules).slice(0, mostRemedies))
    yield hang(`            ${toolchain}: `, text, page.width);
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
  yield '\n';
}

function* renderHints(report: Report, { all, shown, style, width }: Page): Generator<string> {
  if (all) return;
  const notices = noticesOf(report);
  if (!isOpen(report) && notices === null) return;
  const verdicts = findingsOf(report, 'everything').map(({ verdict }) => verdict);
  const low = verdicts.filter((each) => isFinding(each) && !shown.includes(each.severity)).length;
  const unknown = verdicts.filter(({ outcome }) => outcome === 'unknown').length;
  const left: string[] = [];
  if (low > 0) left.push(amount(low, 'low finding or note', 'low findings and notes'));
  if (unknown > 0) left.push(`${unknown} unknown`);
  if (notices !== null) left.push(notices);
  const more = left.length > 0 ? `--all also shows ${listed(left)}. ` : '';
  const lines = wrap(
    `${more}hullcheck explain RULE tells why a rule matters and how to see it.`,
    width,
  );
  yield `${lines.map((line) => style.dim(line)).join('\n')}\n\n`;
}

function listed(parts: readonly string[]): string {
  const [last = '', ...others] = parts.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`;
}
