import { UsageError } from '../../base/errors.ts';
import { isIncomplete } from '../../base/problem.ts';
import { applyPolicy } from '../../policy/apply-policy.ts';
import { baselineOf } from '../../policy/baseline.ts';
import { writeBaseline } from '../../policy/baseline-file.ts';
import type { Report } from '../../report/report.ts';
import { assembleReport } from '../../scan/report-assembly.ts';
import type { Settings } from '../settings/settings.ts';
import { writeOutputFile } from './output-file.ts';

/** Throws UsageError when there is no file to update. Called before the scan, so that a mistake does not cost one. */
export function checkBaselineUpdate({ baselineFile }: Settings): void {
  if (baselineFile === null) throw new UsageError('--update-baseline requires --baseline FILE');
}

/**
 * Writes the findings of this run to the baseline and judges the run by it. An incomplete run does not change the file:
 * it would drop findings that it did not see.
 */
export async function updateBaseline(report: Report, settings: Settings): Promise<Report> {
  const { baselineFile, policy } = settings;
  const isWhole = !report.targets.some(({ problems }) => problems.some(isIncomplete));
  if (baselineFile === null || !isWhole) return report;
  const baseline = baselineOf(report.targets);
  await writeOutputFile(baselineFile, writeBaseline(baseline));
  const judged = applyPolicy(report.targets, { ...policy, baseline });
  return assembleReport(judged, report.rules, report.tool.rules);
}
