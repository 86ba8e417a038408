import { rules } from '../../src/index.ts';
import { isFinding } from '../../src/report/finding.ts';
import type { Report } from '../../src/report/report.ts';
import textReporter from '../../src/reporters/text.ts';

/** What the text report says to copy, as somebody copies it from a terminal of 80 columns. null: it says nothing. */
export function copiedCommand(report: Report): string | null {
  const look = { color: false, width: 80, all: false, verbose: false, packages: false };
  const more = { groupBy: null, toolchain: null, suppressions: false, alertLocation: null };
  const lines = [...textReporter.render(report, { ...look, ...more, rules })].join('').split('\n');
  const first = lines.findIndex((line) => line.startsWith('  fix       '));
  if (first < 0) return null;
  const length = lines.slice(first).findIndex((line) => !line.endsWith(' \\')) + 1;
  const copied = lines.slice(first, first + length).join('\n');
  return copied.replace(/^ {2}fix +/, '');
}

/** Findings that a person would still act on, as `high pie: message`. */
export function heavyFindings(report: Report): readonly string[] {
  return report.targets
    .flatMap(({ binaries }) => binaries.flatMap(({ verdicts }) => verdicts))
    .filter((verdict) => isFinding(verdict) && !['low', 'note'].includes(verdict.severity))
    .map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`);
}
