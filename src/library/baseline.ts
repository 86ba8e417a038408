import { ruleIds } from '../../rules/ids.ts';
import * as files from '../policy/baseline/baseline-file.ts';
import { type BaselineEntry, baselineOf, namedIn } from '../policy/baseline/entry.ts';
import type { Report } from '../report/report.ts';

/** The findings of a report as a baseline: `{ ...policy, baseline: baselineFrom(report) }` counts new ones only. */
export function baselineFrom({ targets, gate }: Report): readonly BaselineEntry[] {
  return baselineOf(targets, namedIn(gate));
}

/** A baseline file, or the findings of a saved report. Throws UsageError. */
export function readBaseline(text: string): readonly BaselineEntry[] {
  return files.readBaseline(text, ruleIds);
}

/** The text of a baseline file. */
export function writeBaseline(entries: readonly BaselineEntry[]): string {
  return [...files.writeBaseline(entries)].join('');
}
