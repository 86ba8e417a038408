import { resolve } from 'node:path';
import { ruleIds } from '../../../rules/ids.ts';
import { applyPolicy } from '../../policy/apply-policy.ts';
import type { Lock } from '../../policy/config/locks.ts';
import { covers } from '../../report/locked-settings.ts';
import type { Report } from '../../report/report.ts';
import { assembleReport } from '../../scan/report-assembly.ts';
import type { ScanOptions } from '../../scan/scan-options.ts';
import { isSavedReport, loadReportFile } from '../output/report-of.ts';
import type { Settings } from '../settings/settings.ts';

/** The report with the gate of a comparison: what the old one has too does not count, and what got worse does. Throws UsageError. */
export async function againstRelease(
  scanned: Report,
  old: string,
  {
    settings,
    options,
    cwd,
    chosen,
  }: {
    readonly settings: Settings;
    readonly options: ScanOptions;
    readonly cwd: string;
    /** IDs of `--rule`; undefined: all. */
    readonly chosen: readonly string[] | undefined;
  },
): Promise<Report> {
  const { policy, locks } = settings;
  const { report: before, sha256 } = await oldReport(old, cwd, options);
  const { releaseAgainst } = await import('../../diff/compare-releases.ts');
  const { compared, targets } = releaseAgainst([before, scanned], policy, {
    rules: { known: ruleIds, chosen },
    locked: lockedConditions(locks),
  });
  const { difference } = compared;
  const remarks = [
    ...(policy.remarks ?? []),
    ...difference.notices.map((each) => ({
      kind: 'hard-to-compare' as const,
      message: `compared with ${old}: ${each}`,
    })),
  ];
  const judged = applyPolicy(targets, { ...policy, remarks });
  const report = assembleReport(judged, scanned.rules, scanned.tool.rules);
  return {
    ...report,
    against: {
      given: old,
      ...(sha256 === null ? {} : { sha256 }),
      version: before.tool.version,
      targets: before.targets.map(({ name, digest, platform }) => ({ name, digest, platform })),
      asBefore: report.counts.asBefore ?? 0,
      gone: difference.better.filter(({ after }) => after === null || after === 'pass').length,
      worse: difference.worse.length,
    },
  };
}

async function oldReport(old: string, cwd: string, options: ScanOptions) {
  if (await isSavedReport(resolve(cwd, old))) return loadReportFile(old, cwd);
  const { scan } = await import('../../scan/scan.ts');
  return { report: await scan([old], options), sha256: null };
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
