import type { Severity } from '../verdict.ts';
import { alertUri } from './alert-uri.ts';
import { escapeText } from './escape.ts';
import { type Finding, findingsOf } from './findings.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { writeJson } from './write-json.ts';

/** GitLab's Code Quality report: a list that it compares by fingerprint between two branches. */
const gitlab: Reporter = {
  format: 'gitlab',
  summary: 'GitLab Code Quality report',
  *render(report, options) {
    yield '[';
    const seen = new Map<string, number>();
    for (const [index, finding] of findingsOf(report).entries()) {
      const fingerprint = fingerprintOf(finding);
      const count = (seen.get(fingerprint) ?? 0) + 1;
      seen.set(fingerprint, count);
      yield `${index > 0 ? ',' : ''}\n${writeJson(issue(finding, `${fingerprint}:${count}`, options))}`;
    }
    yield '\n]\n';
  },
};
export default gitlab;

const severities = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  note: 'info',
} as const satisfies Record<Severity, string>;

function issue(
  { target, binary, verdict }: Finding,
  fingerprint: string,
  { alertLocation }: RenderOptions,
) {
  const path = alertLocation?.file ?? decodeURIComponent(alertUri(target, binary));
  return {
    description: escapeText(`${binary.path} (${target.name}): ${verdict.message}`),
    check_name: verdict.rule,
    fingerprint,
    severity: severities[verdict.severity],
    location: { path, lines: { begin: alertLocation?.line ?? 1 } },
  };
}
