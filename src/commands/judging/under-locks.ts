import { ruleIds } from '../../../rules/ids.ts';
import { amount } from '../../base/amount.ts';
import type { SavedReport } from '../../policy/again/saved-reports.ts';
import type { Report } from '../../report/report.ts';
import { enforceLocksOnOptions } from '../settings/locked-options.ts';
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
  const { judgeAgain } = await import('./judge-saved.ts');
  const { report, rules } = await judgeAgain([saved], settings, named);
  const rule = rules.map(({ id }) => id);
  const narrowedBy = `${saved.file}: ${amount(ruleIds.length - rule.length, 'rule')} not asked`;
  enforceLocksOnOptions(settings, { rule, narrowedBy });
  return report;
}
