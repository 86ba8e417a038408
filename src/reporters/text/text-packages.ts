import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import { severities } from '../../base/verdict.ts';
import { isFinding } from '../../report/finding.ts';
import type { Report, TargetReport } from '../../report/report.ts';
import { table } from './text-layout.ts';
import type { Page } from './text-page.ts';

/** Whether the report is about packages, which are listed in a table. */
export function isOfPackages({ targets }: Report): boolean {
  return targets.length > 1 && targets.every(({ kind }) => kind === 'package');
}

/** More are counted: those with nothing to list come last. */
const mostRows = 30;

/** `hello 2.10-3 (amd64)   1 file   2 high`: the worst first. Severities that no package has get no column. */
export function* renderPackages({ targets }: Report, { all, style }: Page): Generator<string> {
  const counted = targets
    .map((target) => ({ name: escapeText(target.name), counts: countsOf(target) }))
    .toSorted((a, b) => compareWorst(a.counts.worst, b.counts.worst));
  const columns = headings.filter((_, at) => counted.some(({ counts }) => counts.worst[at] !== 0));
  const shown = all ? counted : counted.slice(0, mostRows);
  const [head = '', ...lines] = table([
    ['Package', 'files', ...columns],
    ...shown.map(({ name, counts }) => [
      name,
      ...[counts.files, ...columns.map((column) => counts.worst[headings.indexOf(column)])].map(
        String,
      ),
    ]),
  ]);
  yield `${style.bold(head)}\n`;
  for (const line of lines) yield `${line}\n`;
  const rest = counted.length - shown.length;
  if (rest > 0) yield style.dim(`and ${amount(rest, 'other package')}; --all lists them\n`);
}

const headings = [...severities, 'undecided'] as const;

/** Findings of each severity, and what is undecided. */
function countsOf({ binaries }: TargetReport) {
  const worst = headings.map(() => 0);
  for (const { verdicts } of binaries)
    for (const verdict of verdicts) {
      if (!isFinding(verdict) && verdict.outcome !== 'unknown') continue;
      const at = isFinding(verdict) ? severities.indexOf(verdict.severity) : severities.length;
      worst[at] = (worst[at] ?? 0) + 1;
    }
  return { files: binaries.length, worst };
}

function compareWorst(a: readonly number[], b: readonly number[]): number {
  for (const [at, count] of a.entries()) {
    const other = b[at] ?? 0;
    if (count !== other) return other - count;
  }
  return 0;
}
