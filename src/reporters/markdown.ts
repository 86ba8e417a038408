import { amount } from '../base/amount.ts';
import { escapeText } from '../base/escape.ts';
import { isIncomplete } from '../base/problem.ts';
import type { Apart } from '../report/distinguish-targets.ts';
import { ownGates } from '../report/gates.ts';
import type { Report, TargetReport } from '../report/report.ts';
import { ownPolicyOf } from './findings/accepted.ts';
import { choiceOf, distinguishFiles } from './findings/distinguish-targets.ts';
import { tallyRules } from './findings/findings-of.ts';
import { againstText } from './findings/older-release.ts';
import type { Group } from './groups/group.ts';
import { groupsOf } from './groups/groups-of.ts';
import { closed, opened } from './markdown/details.ts';
import { codeSpan, escapeMarkdown, shorten } from './markdown/escape-markdown.ts';
import { renderGates } from './markdown/gates-table.ts';
import { renderPolicy } from './markdown/policy-lines.ts';
import { worseList, worseMarkdown } from './markdown/worse-markdown.ts';
import type { Fix } from './remedies/fix.ts';
import { fixesOf } from './remedies/fixes-of.ts';
import type { RenderOptions, Reporter } from './reporter.ts';

/** Characters that GitHub takes as a comment, with room for what the user writes around the report. */
const longest = 60_000;

/** For a job summary or a comment on a pull request: the gate first, then what is yours to fix, then the rest, as far as it fits. Of a report that was compared, at most 20 lines. */
const markdown: Reporter = {
  format: 'markdown',
  summary: 'a short summary for pull requests and job summaries',
  *render(report, options) {
    if (report.against !== undefined && !options.all) {
      yield `${[...renderAnswer(report), ...worseMarkdown(report)].join('')}`;
      return;
    }
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

function* renderAnswer({ gate }: Report): Generator<string> {
  yield `## hullcheck: ${answers[gate.state]}\n\n${escapeMarkdown(gate.because)}.\n\n`;
}

function* renderHead(report: Report): Generator<string> {
  const { targets } = report;
  yield* renderAnswer(report);
  const against = againstText(report);
  if (against !== null) yield `${escapeMarkdown(shorten(against))}.\n\n`;
  const images = ownGates(report);
  if (images.length > 0) yield* renderGates(images);
  else yield* renderTargets(targets);
  const worse = [...worseList(report, null)];
  if (worse.length > 0) yield `### Worse than before\n${worse.join('')}\n`;
}

/** What was scanned, in a line. */
function* renderTargets(targets: readonly TargetReport[]): Generator<string> {
  for (const target of targets.slice(0, mostTargets)) {
    const { name, binaries } = target;
    const about = [...aboutTarget(target), amount(binaries.length, 'binary')];
    yield `- ${codeSpan(shorten(name))} ${escapeMarkdown(about.join(', '))}\n`;
  }
  if (targets.length > mostTargets)
    yield `- and ${amount(targets.length - mostTargets, 'more target')}\n`;
  yield '\n';
}

const mostTargets = 20;

function aboutTarget(target: TargetReport): readonly string[] {
  const { platform, os } = target;
  return [choiceOf(target) ?? platform, os?.prettyName, ownPolicyOf(target)].filter(
    (part) => part !== null && part !== undefined,
  );
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

/** Lines of findings of one image that a reader sees at once; of several images the table says what breaks each. */
const mostLines = 14;

function* renderFindings(report: Report, options: RenderOptions, room: number): Generator<string> {
  const groups = groupsOf(report);
  const apart = distinguishFiles(report.targets);
  const isFolded = !options.all && ownGates(report).length > 0;
  let [left, lines, isOpened] = [room - 400, isFolded ? 0 : mostLines, options.all];
  let whose: Group['whose'] | null = null;
  for (const [index, group] of groups.entries()) {
    const head = group.whose === whose ? '' : `### ${titles[group.whose]}\n\n`;
    const text = head + renderGroup(group, apart, options);
    left -= text.length;
    if (left < 0) {
      const rest = amount(countFindings(groups.slice(index)), 'less severe finding');
      yield `${isOpened && !options.all ? closed : '\n'}and ${rest}\n`;
      return;
    }
    lines -= text.split('\n').filter((line) => line !== '').length;
    if (lines < 0 && !isOpened && (index > 0 || isFolded)) {
      const count = countFindings(groups.slice(index));
      yield opened(amount(count, index === 0 ? 'finding' : 'more finding'));
      isOpened = true;
    }
    whose = group.whose;
    yield text;
  }
  if (isOpened && !options.all) yield closed;
}

function countFindings(groups: readonly Group[]): number {
  return groups
    .flatMap(({ entries }) => entries)
    .reduce((sum, { findings }) => sum + findings.length, 0);
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
