import { readFileSync } from 'node:fs';
import { rules } from '../../rules/index.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { BinaryReport, Report, TargetReport } from '../../src/report/report.ts';
import { createAlertIdentities } from '../../src/reporters/alerts/alert-identities.ts';
import { createAlertNames } from '../../src/reporters/alerts/alert-names.ts';
import { alertsOf } from '../../src/reporters/alerts/alerts.ts';
import { createNumbering, fingerprintOfEntry } from '../../src/reporters/alerts/fingerprint.ts';
import { findingsOf } from '../../src/reporters/findings/findings-of.ts';
import { groupsOf } from '../../src/reporters/groups/groups-of.ts';
import { fingerprintOfAlert } from '../../src/reporters/sarif/sarif-result.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';

/** One release of a pair. */
export interface Side {
  readonly binaries: readonly BinaryReport[];
  /** Of the alert of SARIF that a finding is part of, by `findingKey`. GitHub takes these. */
  readonly sarif: ReadonlyMap<string, string>;
  /** The same of GitLab's issues. */
  readonly gitlab: ReadonlyMap<string, string>;
  readonly targets: readonly TargetReport[];
}

export function findingKey(path: string, rule: string): string {
  return `${path}\0${rule}`;
}

/**
 * `path` is what is scanned, or a report that `--gate-of all` wrote of it. Both sides go by one name, as two builds of an image do;
 * versions that are in paths stay there.
 */
export async function readSide(path: string, name: string): Promise<Side> {
  const found = path.endsWith('.json')
    ? readReport(readFileSync(path, 'utf8'))
    : await scan([path], {
        input: plainInput,
        judging: { rules, policy: plainPolicy({ of: 'all' }) },
        running: { jobs: 1 },
      });
  const targets = found.targets.map((target) => ({ ...target, name }));
  const report = { ...found, targets };
  return {
    binaries: targets.flatMap(({ binaries }) => binaries),
    sarif: inSarif(report),
    gitlab: inGitlab(report),
    targets,
  };
}

/** As with `--all`, so that what is open has its own too. */
function inSarif(report: Report): ReadonlyMap<string, string> {
  const identities = createAlertIdentities(report.targets, createAlertNames(null));
  const byFinding = new Map<string, string>();
  const numbered = createNumbering();
  for (const alert of alertsOf(findingsOf(report, 'everything'))) {
    const fingerprint = numbered(fingerprintOfAlert(alert, identities));
    for (const { judged, verdict } of alert.findings)
      byFinding.set(findingKey(judged.path, verdict.rule), fingerprint);
  }
  return byFinding;
}

/** As GitLab's report has them by default. */
function inGitlab(report: Report): ReadonlyMap<string, string> {
  const identities = createAlertIdentities(report.targets, createAlertNames(null));
  const byFinding = new Map<string, string>();
  const numbered = createNumbering();
  for (const group of groupsOf(report, { by: 'component' }))
    for (const entry of group.entries) {
      const fingerprint = numbered(fingerprintOfEntry(group, entry, identities));
      for (const { judged, verdict } of entry.findings)
        byFinding.set(findingKey(judged.path, verdict.rule), fingerprint);
    }
  return byFinding;
}
