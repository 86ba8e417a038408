import type { JudgedVerdict, TargetReport } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import { type Component, ownershipOf } from '../groups/ownership-of.ts';

export interface Alert {
  /** Of one rule, in the order that they were given. */
  readonly findings: readonly [Finding, ...Finding[]];
  /** The package of the distribution that has the files; null: it is about one file. */
  readonly component: Component | null;
}

/**
 * A file of yours or of a dependency has an alert for each rule. The author of an image does not fix a file of the distribution: what is said of
 * its packages is one alert for each package and rule, whatever its version. What is accepted is apart from what is not.
 */
export function alertsOf(findings: readonly Finding[]): readonly Alert[] {
  const alerts: { findings: [Finding, ...Finding[]]; component: Component | null }[] = [];
  const ofPackages = new Map<TargetReport, Map<string, Finding[]>>();
  for (const finding of findings) {
    const { whose, component } = ownershipOf(finding.judged);
    if (whose !== 'distribution' || component === null) {
      alerts.push({ findings: [finding], component: null });
      continue;
    }
    const known = ofPackages.get(finding.target) ?? new Map<string, Finding[]>();
    ofPackages.set(finding.target, known);
    const key = JSON.stringify([component.ecosystem, component.group, ...kindOf(finding.verdict)]);
    const together = known.get(key);
    if (together !== undefined) {
      together.push(finding);
      continue;
    }
    const first: [Finding, ...Finding[]] = [finding];
    known.set(key, first);
    alerts.push({ findings: first, component });
  }
  return alerts;
}

function kindOf({ rule, outcome, cause, waived, baselined }: JudgedVerdict) {
  return [rule, outcome, cause ?? null, waived ?? null, baselined ?? null];
}
