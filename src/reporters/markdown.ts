import { amount } from '../base/amount.ts';
import { escapeText } from '../base/escape.ts';
import { isIncomplete } from '../base/problem.ts';
import type { Apart } from '../report/distinguish-targets.ts';
import { gateStates, ownGates } from '../report/gates.ts';
import type { Report } from '../report/report.ts';
import { acceptedSentence, ownPolicyOf, policyNews, policySources } from './findings/accepted.ts';
import { choiceOf, distinguishFiles } from './findings/distinguish-targets.ts';
import { tallyRules } from './findings/findings-of.ts';
import { againstText, lostSince } from './findings/older-release.ts';
import { waiverInUseText, waiversInUse } from './findings/waivers-in-use.ts';
import type { Group } from './groups/group.ts';
import { groupsOf } from './groups/groups-of.ts';
import { codeSpan, escapeMarkdown, shorten } from './markdown/escape-markdown.ts';
import type { Fix } from './remedies/fix.ts';
import { fixesOf } from './remedies/fixes-of.ts';
import type { RenderOptions, Reporter } from './reporter.ts';

/** Characters that GitHub takes as a comment, with room for what the user writes around the report. */
const longest = 60_000;

/** For a job summary or a comment on a pull request: the gate first, then what is yours to fix, then the rest, as far as it fits. */
const markdown: Reporter = {
  format: 'markdown',
  summary: 'a short summary for pull requests and job summaries',
  *render(report, options) {
    const parts = [
      renderHead,
      ...(options.all ? [renderTallies] : []),
      renderPolicy,
      renderProblems,
    ];
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
  undecided: '⚠️ The gate is undecided',
} as const;

function* renderHead(report: Report): Generator<string> {
  const { gate, targets } = report;
  yield `## hullcheck: ${answers[gate.state]}\n\n${escapeMarkdown(gate.because)}.\n\n`;
  const against = againstText(report);
  if (against !== null) yield `${escapeMarkdown(shorten(against))}.\n\n`;
  for (const target of targets.slice(0, 20)) {
    const { name, platform, os, binaries } = target;
    const about = [choiceOf(target) ?? platform, os?.prettyName, ownPolicyOf(target)].filter(
      (part) => part !== null && part !== undefined,
    );
    yield `- ${codeSpan(shorten(name))} ${escapeMarkdown([...about, amount(binaries.length, 'binary')].join(', '))}\n`;
  }
  if (targets.length > 20) yield `- and ${amount(targets.length - 20, 'more target')}\n`;
  yield '\n';
  yield* renderGates(report);
  const lost = lostSince(report);
  if (lost.length > 0) yield '### Also worse than before\n\n';
  for (const line of lost.slice(0, 10)) yield `- ${escapeMarkdown(shorten(line))}\n`;
  if (lost.length > 10) yield `- and ${lost.length - 10} more\n`;
  if (lost.length > 0) yield '\n';
}

/** Rows of images. */
const mostImages = 50;

/** Of several images each one's gate: those that do not hold first. */
function* renderGates(report: Report): Generator<string> {
  const images = ownGates(report).toSorted(
    (a, b) => gateStates.indexOf(a.gate.state) - gateStates.indexOf(b.gate.state),
  );
  if (images.length === 0) return;
  yield '| Gate | Image | Why |\n|---|---|---|\n';
  for (const { name, gate } of images.slice(0, mostImages)) {
    const because = escapeMarkdown(shorten(gate.because)).replaceAll('|', '\\|');
    yield `| ${signs[gate.state]} | ${codeSpan(shorten(name), 'line')} | ${because} |\n`;
  }
  if (images.length > mostImages)
    yield `\nand ${amount(images.length - mostImages, 'more image')}\n`;
  yield '\n';
}

const signs = { holds: '✅ holds', broken: '❌ broken', undecided: '⚠️ undecided' } as const;

function* renderTallies(report: Report): Generator<string> {
  const failed = tallyRules(report).filter(({ outcomes }) => outcomes.fail + outcomes.unknown > 0);
  if (failed.length === 0) return;
  yield '| Rule | fail | unknown | pass | n/a |\n|---|---:|---:|---:|---:|\n';
  for (const { rule, outcomes } of failed) {
    yield `| ${codeSpan(rule)} | ${outcomes.fail} | ${outcomes.unknown} | ${outcomes.pass} | ${outcomes['not-applicable']} |\n`;
  }
  yield '\n';
}

/** Reports what is accepted, and what the policy itself needs. */
function* renderPolicy(report: Report): Generator<string> {
  const accepted = acceptedSentence(report);
  const news = policyNews(report.policy);
  const sources = policySources(report);
  if (sources !== null) yield `Judged by ${escapeMarkdown(shorten(sources))}.\n\n`;
  if (accepted !== null) yield `Not counted: ${accepted}.\n\n`;
  const waivers = waiversInUse(report);
  for (const each of waivers.slice(0, 10))
    yield `- ${escapeMarkdown(shorten(waiverInUseText(each)))}\n`;
  if (waivers.length > 10) yield `- and ${amount(waivers.length - 10, 'more waiver')}\n`;
  if (waivers.length > 0) yield '\n';
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

const titles = {
  yours: 'Yours',
  dependency: 'Dependencies',
  distribution: 'Distribution',
} as const;

function* renderFindings(report: Report, options: RenderOptions, room: number): Generator<string> {
  const groups = groupsOf(report);
  const apart = distinguishFiles(report.targets);
  let left = room - 200;
  let whose: Group['whose'] | null = null;
  for (const [index, group] of groups.entries()) {
    const head = group.whose === whose ? '' : `### ${titles[group.whose]}\n\n`;
    const text = head + renderGroup(group, apart, options);
    left -= text.length;
    if (left < 0) {
      const rest = groups.slice(index).flatMap(({ entries }) => entries);
      const findings = rest.reduce((sum, entry) => sum + entry.findings.length, 0);
      yield `\nand ${amount(findings, 'less severe finding')}\n`;
      return;
    }
    whose = group.whose;
    yield text;
  }
}

/** A file of yours with what to copy; a component in a line, unless something of it breaks the gate. */
function renderGroup(group: Group, apart: Apart, options: RenderOptions): string {
  const { whose, title, component, files, target, entries, breaking } = group;
  const which = apart(target);
  const name = `${codeSpan(shorten(title), 'line')}${which === null ? '' : ` (${escapeMarkdown(which)})`}`;
  if (whose === 'distribution' && breaking === 0) {
    const rules = entries.map((each) => `${codeSpan(each.rule, 'line')} ${each.findings.length}`);
    return `- ${name} ${group.severity}: ${rules.join(', ')}\n`;
  }
  const example = codeSpan(shorten(files[0]?.path ?? ''), 'line');
  const of = component === null ? '' : `, ${amount(files.length, 'file')}, as ${example}`;
  const lines = entries.map(({ rule, severity, findings }) => {
    const count = findings.length > 1 ? ` (${findings.length} files)` : '';
    const message = escapeMarkdown(shorten(findings[0]?.verdict.message ?? ''));
    return `- ${severity} ${codeSpan(rule, 'line')}: ${message}${count}\n`;
  });
  return `${name}${of}\n\n${lines.join('')}${fixOf(group, options)}\n`;
}

function fixOf({ entries }: Group, options: RenderOptions): string {
  const failed = entries
    .flatMap(({ findings }) => findings.slice(0, 1))
    .filter(({ verdict }) => verdict.outcome === 'fail');
  const [first, ...rest] = failed;
  const fixes = first === undefined ? [] : fixesOf([first, ...rest], options);
  return fixes.map(renderFix).join('');
}

function renderFix(fix: Fix): string {
  switch (fix.form) {
    case 'advice':
      return `- fix: ${escapeMarkdown(fix.text)}\n`;
    case 'command':
      return fenced('sh', [fix.text]);
    case 'settings':
      return fenced('', [`# ${fix.file}`, ...fix.lines]);
  }
}

/** Its words are the project's, except for names of packages, which are words of a shell. */
function fenced(language: string, lines: readonly string[]): string {
  const text = lines.map((line) => escapeText(line).replaceAll('```', "'''")).join('\n');
  return `\n\`\`\`${language}\n${text}\n\`\`\`\n`;
}
