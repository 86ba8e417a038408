import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import { isIncomplete, isUnread, namesOfParts, type Problem } from '../../base/problem.ts';
import { wrap } from '../../base/wrap.ts';
import type { Report, TargetReport } from '../../report/report.ts';
import type { Page } from './text-page.ts';

/** A damaged archive can have a problem for each of its entries. */
const mostProblems = 20;

/** Notices leave the result whole, so they are for `--all`. What does not is named at the end of the report. */
export function* renderNotices({ problems }: TargetReport, page: Page): Generator<string> {
  const notices = page.all ? problems.filter((problem) => !isIncomplete(problem)) : [];
  if (notices.length === 0) return;
  yield `\n${page.style.bold('Notices')}\n`;
  for (const notice of notices) yield* renderProblem(notice, notice.where, page);
}

/** Why the gate is undecided: each part once, just before the last line. */
export function* renderUnscanned(report: Report, page: Page): Generator<string> {
  const isOne = report.targets.length === 1;
  const parts = new Map<string, readonly [Problem, place: string]>();
  for (const { name, problems } of report.targets) {
    for (const problem of problems.filter(isIncomplete)) {
      const place = isOne ? problem.where : placeIn(name, problem.where);
      parts.set(`${problem.kind} ${place} ${problem.message}`, [problem, place]);
    }
  }
  if (parts.size === 0) return;
  yield `${page.style.bold('Not scanned, or only in part')}\n`;
  const listed = page.all ? [...parts.values()] : [...parts.values()].slice(0, mostProblems);
  for (const [problem, place] of listed) yield* renderProblem(problem, place, page);
  if (parts.size > listed.length)
    yield `${page.style.dim(`  and ${parts.size - listed.length} more with --all`)}\n`;
  const advice = adviceFor(report);
  if (advice !== null) for (const line of wrap(advice, page.width - 2)) yield `  ${line}\n`;
}

/** How to decide the gate when files have to stay as they are. null: a part is not a file inside its target. */
function adviceFor({ targets }: Report): string | null {
  const gaps = targets.flatMap(({ kind, name, problems }) =>
    problems.filter(isIncomplete).map(({ where, rules = [] }) => ({
      isFile: kind !== 'file' && where !== name && where.startsWith('/'),
      isJudged: rules.length > 0,
    })),
  );
  if (!gaps.every(({ isFile }) => isFile)) return null;
  const isJudged = gaps.some((gap) => gap.isJudged);
  const waiver = isJudged ? ', and a waiver accepts what a rule cannot decide' : '';
  return `A file that may stay as it is: --exclude PATH leaves it out of the scan${waiver}.`;
}

/** The gate's sentence, whose parts are listed in front of it. */
export function withoutNames({ gate, targets }: Pick<Report, 'gate' | 'targets'>): string {
  const gaps = targets.flatMap((target) => target.problems).filter(isIncomplete);
  const unread = namesOfParts(gaps.filter(({ rules }) => rules === undefined));
  const undecided = namesOfParts(
    gaps.filter(({ kind, rules }) => rules !== undefined && kind !== 'unnamed'),
  );
  return gate.because.replace(unread, () => '').replace(undecided, () => '');
}

function placeIn(target: string, where: string): string {
  return where === target || where === '' ? target : `${target}: ${where}`;
}

function* renderProblem(
  { kind, message }: Problem,
  place: string,
  { style, width }: Page,
): Generator<string> {
  yield `  ${style.severity('medium', kind)}  ${escapeText(place)}\n`;
  for (const line of wrap(escapeText(message), width - 4)) yield `    ${line}\n`;
}

/** What `--all` would show of notices; null: there is none. */
export function noticesOf({ targets }: Report): string | null {
  const notices = targets.flatMap(({ problems }) =>
    problems.filter((problem) => !isIncomplete(problem)),
  );
  const unread = notices.filter(isUnread).length;
  if (notices.length === 0) return null;
  const count = amount(notices.length, 'notice');
  return unread === 0
    ? count
    : `${count} (${amount(unread, 'file is a container', 'files are containers')} of a format that is not read)`;
}
