import type { Location, Result } from 'sarif';
import { amount } from '../../base/amount.ts';
import type { Evidence, Outcome } from '../../base/verdict.ts';
import type { Judged, TargetReport } from '../../report/report.ts';
import type { AlertIdentities } from '../alerts/alert-identities.ts';
import type { Alert } from '../alerts/alerts.ts';
import { fingerprintOf, fingerprintOfComponent } from '../alerts/fingerprint.ts';
import { packageOf } from '../findings/package-of.ts';
import { titleOf } from '../groups/groups-of.ts';
import { hexadecimal } from '../writing/write-json.ts';
import { stateOf, worseningOf } from './sarif-comparison.ts';
import {
  escapeMessage,
  layerName,
  locationsOf,
  ownLocation,
  type ResultOptions,
} from './sarif-location.ts';
import { levelOf, sentence } from './sarif-rule.ts';
import { marksOf } from './sarif-suppression.ts';

const kinds = {
  fail: 'fail',
  unknown: 'open',
  pass: 'pass',
  'not-applicable': 'notApplicable',
} as const satisfies Record<Outcome, Result.kind>;

/** `fingerprint`: of no other result of the run. */
export function describeResult(alert: Alert, fingerprint: string, options: ResultOptions): Result {
  const [finding] = alert.findings;
  const { verdict, target, judged } = finding;
  const { locations, related } = locationsOf(alert, options);
  const own = ownLocation(finding, options);
  const evidence = verdict.evidence.map(
    (seen): Location => ({
      ...own,
      message: { text: describeEvidence(seen) },
    }),
  );
  const relatedLocations = [...related, ...evidence];
  const note = options.placeOf(target, judged)?.note ?? null;
  const worse = worseningOf(alert, options.comparison);
  const severity = worse?.severity ?? verdict.severity;
  return {
    ruleId: verdict.rule,
    ruleIndex: options.ruleIndexOf(verdict.rule),
    kind: worse === null ? kinds[verdict.outcome] : 'fail',
    level: worse !== null || verdict.outcome === 'fail' ? levelOf(severity) : 'none',
    message: {
      text: [
        describe(alert),
        ...(note === null ? [] : [`${note}.`]),
        ...(worse === null ? [] : [sentence(escapeMessage(`It became worse. ${worse.before}`))]),
      ].join(' '),
    },
    locations,
    ...(relatedLocations.length === 0
      ? {}
      : { relatedLocations: relatedLocations.map((each, at) => ({ id: at + 1, ...each })) }),
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    ...marksOf(verdict, options.baseline),
    ...(options.comparison === null ? {} : { baselineState: stateOf(alert, options.comparison) }),
    properties: { severity, ...aboutFiles(alert) },
  };
}

/** Of an older report: neither the run nor the image has its files any more. */
export function describeGone(alert: Alert, fingerprint: string, options: ResultOptions): Result {
  const gone = { ...options, comparison: null };
  return { ...describeResult(alert, fingerprint, gone), baselineState: 'absent' };
}

/** Alerts of one package and rule differ in their outcomes and causes. */
export function fingerprintOfAlert(
  { component, findings }: Alert,
  identities: AlertIdentities,
): string {
  const [finding] = findings;
  if (component === null) return fingerprintOf(finding, identities);
  const { target, verdict } = finding;
  const { rule, outcome, cause } = verdict;
  const more = [...(outcome === 'fail' ? [] : [outcome]), ...(cause === undefined ? [] : [cause])];
  return fingerprintOfComponent(component, { rule, target, more }, identities);
}

function aboutFiles({ component, findings }: Alert) {
  if (component !== null)
    return {
      files: findings.length,
      package: component.group,
      version: component.version,
    };
  const [{ target, judged }] = findings;
  const owner = packageOf(judged.facts);
  return {
    ...identityOf(judged),
    ...(judged.layer === null || target.kind !== 'image'
      ? {}
      : { layer: layerName(target, judged.layer) }),
    ...(owner === null ? {} : { package: owner.name }),
  };
}

/** The image as a whole is not a file with a digest. */
function identityOf({ path, sha256 }: Judged) {
  return sha256 === null ? { image: path } : { binary: path, sha256 };
}

/** Binary or package, image and evidence: the first sentence is the alert's title. */
function describe({ component, findings }: Alert): string {
  const [finding] = findings;
  const { target, judged, verdict } = finding;
  const image = target.kind === 'file' ? '' : ` (${nameOf(target)})`;
  const files = component === null ? '' : `: ${amount(findings.length, 'file')}, as ${judged.path}`;
  const place = `${component === null ? judged.path : titleOf(component)}${image}${files}`;
  const seen = verdict.evidence.map((evidence) => describeEvidence(evidence)).join('; ');
  const message = sentence(escapeMessage(`${place}: ${verdict.message}`));
  return seen === '' ? message : `${message} Seen: ${seen}.`;
}

function nameOf({ name, platform }: TargetReport): string {
  return platform === null ? name : `${name}, ${platform}`;
}

function describeEvidence({ what, saw, offset }: Evidence): string {
  const place = offset === undefined ? '' : ` at file offset ${hexadecimal(offset)}`;
  return escapeMessage(`${what}: ${saw}${place}`);
}
