import { createHash } from 'node:crypto';
import { isIncomplete } from '../problem.ts';
import type { Report } from '../report.ts';
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
    let separator = '[\n';
    for (const each of issues(report, options)) {
      yield `${separator}${writeJson(each)}`;
      separator = ',\n';
    }
    yield separator === '[\n' ? '[\n]\n' : '\n]\n';
  },
};
export default gitlab;

function* issues(report: Report, options: RenderOptions) {
  const seen = new Map<string, number>();
  for (const finding of findingsOf(report)) {
    const fingerprint = fingerprintOf(finding);
    const count = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, count);
    yield issue(finding, `${fingerprint}:${count}`, options);
  }
  for (const { name, problems } of report.targets)
    for (const { kind, where, message } of problems.filter(isIncomplete))
      yield remark(`${where} (${name}): ${message}`, { name: kind, severity: 'critical' }, options);
  for (const warning of report.policy.warnings)
    yield remark(warning, { name: 'policy', severity: 'major' }, options);
  const { state, because } = report.gate;
  if (because.includes(';') || state === 'open')
    yield remark(
      `${answers[state]}: ${because}`,
      { name: 'gate', severity: state === 'open' ? 'critical' : 'info' },
      options,
    );
}

const answers = {
  holds: 'GATE HOLDS',
  broken: 'GATE BROKEN',
  open: 'GATE HAS NO ANSWER',
} as const;

/** Of the run itself: GitLab shows nothing but issues. Only one of each text is new in a merge request. */
function remark(
  text: string,
  { name, severity }: { readonly name: string; readonly severity: string },
  { alertLocation }: RenderOptions,
) {
  const description = escapeText(text);
  const digest = createHash('sha256').update(`${name}\0${description}`).digest('hex');
  return {
    description,
    check_name: `hullcheck-${name}`,
    fingerprint: digest.slice(0, 32),
    severity,
    location: {
      path: alertLocation?.file ?? 'hullcheck',
      lines: { begin: alertLocation?.line ?? 1 },
    },
  };
}

const severities = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  note: 'info',
} as const satisfies Record<Severity, string>;

function issue(
  { target, judged, verdict }: Finding,
  fingerprint: string,
  { alertLocation }: RenderOptions,
) {
  const path = alertLocation?.file ?? decodeURIComponent(alertUri(target, judged));
  const image = [target.name, target.platform].filter((part) => part !== null).join(', ');
  return {
    description: escapeText(`${judged.path} (${image}): ${verdict.message}`),
    check_name: verdict.rule,
    fingerprint,
    severity: severities[verdict.severity],
    location: { path, lines: { begin: alertLocation?.line ?? 1 } },
  };
}
