import type { SubjectResult } from './campaign.ts';

/** Markdown, to be kept in runs.md as it is. */
export function campaignTable(results: readonly SubjectResult[], firstSeed: number): string {
  const rows = results.map(({ name, runs, violations, seconds }) => {
    const seeds = runs === 0 ? '-' : `${firstSeed} to ${firstSeed + runs - 1}`;
    return `| ${name} | ${seeds} | ${runs} | ${violations} | ${seconds.toFixed(1)} |`;
  });
  return [
    '| subject | seeds | runs | violations | seconds |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
