import { resolve } from 'node:path';
import type { Lock } from '../../policy/config/locks.ts';
import { covers } from '../../report/locked-settings.ts';
import type { Report } from '../../report/report.ts';
import { assembleReport } from '../../scan/report-assembly.ts';
import type { Scanned } from '../../scan/scan.ts';
import { isSavedReport, loadReportFile } from '../output/report-of.ts';
import type { Settings } from '../settings/settings.ts';

/** The release that another is compared with. */
export interface OlderRelease {
  /** As the user named it. */
  readonly given: string;
  readonly report: Report;
  /** Of the bytes of a saved report; null: it was scanned. */
  readonly sha256: string | null;
}

/** The report with the gate of a comparison: what the old one has too does not count, and what got worse does. Throws UsageError. */
export async function againstRelease(
  { report: scanned, compared: judge }: Scanned,
  { given, report: before, sha256 }: OlderRelease,
  {
    settings: { policy, locks, rules },
    chosen,
  }: {
    readonly settings: Settings;
    /** IDs of `--rule`; undefined: all. */
    readonly chosen: readonly string[] | undefined;
  },
): Promise<Report> {
  const { releaseAgainst } = await import('../../diff/compare-releases.ts');
  const { compared, targets, causes } = releaseAgainst([before, scanned], policy, {
    rules: { known: rules.ids, chosen },
    locked: lockedConditions(locks),
  });
  const { difference } = compared;
  const remarks = [
    ...(policy.remarks ?? []),
    ...difference.notices.map((each) => ({
      kind: 'hard-to-compare' as const,
      message: `compared with ${given}: ${each}`,
    })),
  ];
  const report = assembleReport(judge(targets, remarks), scanned.rules, scanned.tool.rules);
  return {
    ...report,
    against: {
      given,
      ...(sha256 === null ? {} : { sha256 }),
      version: before.tool.version,
      targets: before.targets.map(({ name, digest, platform }) => ({ name, digest, platform })),
      asBefore: report.counts.asBefore ?? 0,
      gone: difference.better.filter(({ after }) => after === null || after === 'pass').length,
      worse: difference.worse.length,
      ...(causes.length === 0 ? {} : { causes }),
    },
  };
}

/** The older release from its saved report; null: it is an image, which has to be scanned. Throws UsageError. */
export async function savedRelease(given: string, cwd: string): Promise<OlderRelease | null> {
  if (!(await isSavedReport(resolve(cwd, given)))) return null;
  return { given, ...(await loadReportFile(given, cwd)) };
}

/** Each condition by its own lock, or that of all. */
function lockedConditions(locks: readonly Lock[]) {
  const isLocked = (name: string) => locks.some(({ setting }) => covers(setting, name));
  return {
    failOn: isLocked('gate.fail-on'),
    failOnUnknown: isLocked('gate.fail-on-unknown'),
    coverage: isLocked('gate.coverage'),
    maximum: isLocked('gate.maximum'),
  };
}
