import type { SavedReport } from '../../policy/again/saved-reports.ts';
import type { Report } from '../../report/report.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * The new side of a comparison, which a saved report is. Where settings are locked, waivers, levels, owners and exclusions of the policy that it was judged
 * by count for nothing: it is judged again, as `judge` does. Throws UsageError for what needs the image.
 */
export async function underLocks(
  saved: SavedReport,
  settings: Settings,
  named: readonly string[] | undefined,
): Promise<Report> {
  if (settings.locks.length === 0) return saved.report;
  const { enforceLocksOnReports, judgeAgain } = await import('./judge-saved.ts');
  const judged = await judgeAgain([saved], settings, named);
  enforceLocksOnReports(settings, judged, [saved]);
  return judged.report;
}
