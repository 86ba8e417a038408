import { amount } from '../amount.ts';
import { isIncomplete } from '../problem.ts';
import type { Report } from '../report.ts';
import { acceptedSentence, policyNews, policySources } from './acceptance.ts';
import { type Apart, choiceOf, tellApart } from './apart.ts';
import { codeSpan, escapeMarkdown, shorten } from './escape-markdown.ts';
import { type Finding, findingsOf, tallyRules } from './findings.ts';
import { remedyOf } from './remedy.ts';
import type { RenderOptions, Reporter } from './reporter.ts';

/** Characters that GitHub takes as a comment, with room for what the user writes around the report. */
const longest = 60_000;

/** For a job summary or a comment on a pull request: the gate first, then the most severe findings that fit. */
const markdown: Reporter = {
  format: 'markdown',
  summary: 'a short summary for pull requests and job summaries',
  *render(report, options) {
    const parts = [renderHead, renderTallies, renderPolicy, renderProblems];
    const head = parts
      .flatMap((part) => [...part(report)])
      .join('')
      .slice(0, longest / 2);
    yield head;
    yield* renderFindings(report, options, longest - head.length);
  },
};
export default markdown;

const answers = {
  holds: '✅ The gate holds',
  broken: '❌ The gate is broken',
  open: '⚠️ The gate has no answer',
} as const;

function* renderHead({ gate, targets }: Report): Generator<string> {
  yield `## hullcheck: ${answers[gate.state]}\n\n${escapeMarkdown(gate.because)}.\n\n`;
  for (const target of targets.slice(0, 20)) {
    const { name, platform, os, binaries } = target;
    const about = [choiceOf(target) ?? platform, os?.prettyName].filter(
      (part) => part !== null && part !== undefined,
    );
    yield `- ${codeSpan(shorten(name))} ${escapeMarkdown([...about, amount(binaries.length, 'binary')].join(', '))}\n`;
  }
  if (targets.length > 20) yield `- and ${amount(targets.length - 20, 'more target')}\n`;
  yield '\n';
}

function* renderTallies(report: Report): Generator<string> {
  const failed = tallyRules(report).filter(({ outcomes }) => outcomes.fail + outcomes.unknown > 0);
  if (failed.length === 0) return;
  yield '| Rule | fail | unknown | pass | n/a |\n|---|---:|---:|---:|---:|\n';
  for (const { rule, outcomes } of failed) {
    yield `| ${codeSpan(rule)} | ${outcomes.fail} | ${outcomes.unknown} | ${outcomes.pass} | ${outcomes['not-applicable']} |\n`;
  }
  yield '\n';
}

/** What is accepted is told, and so is what the policy itself needs. */
function* renderPolicy(report: Report): Generator<string> {
  const accepted = acceptedSentence(report);
  const news = policyNews(report.policy);
  const sources = policySources(report);
  if (sources !== null) yield `Judged by ${escapeMarkdown(shorten(sources))}.\n\n`;
  if (accepted !== null) yield `Not counted: ${accepted}.\n\n`;
  for (const line of news.slice(0, 10)) yield `- ${escapeMarkdown(shorten(line))}\n`;
  if (news.length > 10) yield `- and ${news.length - 10} more about the policy\n`;
  if (news.length > 0) yield '\n';
}

function* renderProblems({ targets }: Report): Generator<string> {
  const problems = targets.flatMap((target) => target.problems).filter(isIncomplete);
  if (problems.length === 0) return;
  yield '### Not scanned\n\n';
  for (const { where, message } of problems.slice(0, 10))
    yield `- ${codeSpan(shorten(where))}: ${escapeMarkdown(shorten(message))}\n`;
  if (problems.length > 10) yield `- and ${amount(problems.length - 10, 'more part')}\n`;
  yield '\n';
}

function* renderFindings(
  report: Report,
  { rules }: RenderOptions,
  room: number,
): Generator<string> {
  const findings = findingsOf(report);
  const apart = tellApart(report.targets);
  if (findings.length === 0) return;
  const head = '### Findings\n\n| Severity | Rule | Where | What | Mend |\n|---|---|---|---|---|\n';
  yield head;
  let left = room - head.length - 100;
  for (const [index, finding] of findings.entries()) {
    const remedy = remedyOf(finding, rules);
    const row = renderRow(
      finding,
      apart,
      remedy === null ? '' : `${remedy.toolchain}: ${remedy.text}`,
    );
    left -= row.length;
    if (left < 0) {
      yield `\nand ${amount(findings.length - index, 'less severe finding')}\n`;
      return;
    }
    yield row;
  }
}

function renderRow({ target, judged, verdict }: Finding, apart: Apart, remedy: string): string {
  const which = apart(target);
  const { severity, rule, message } = verdict;
  const cells = [
    severity,
    codeSpan(rule),
    `${codeSpan(shorten(judged.path))}${which === null ? '' : ` (${escapeMarkdown(which)})`}`,
    escapeMarkdown(shorten(message)),
  ];
  return `| ${[...cells, escapeMarkdown(remedy)].join(' | ')} |\n`;
}
