// supporting: one verdict as a SARIF result
import type { Location, LogicalLocation, Region, Result } from 'sarif';
import type { Judged, TargetReport } from '../report.ts';
import type { Evidence, Outcome } from '../verdict.ts';
import type { AlertPlace, PlaceOf } from './alert-place.ts';
import { alertUri, encodePath } from './alert-uri.ts';
import { escapeText } from './escape.ts';
import type { Finding } from './findings.ts';
import { fingerprintOf } from './fingerprint.ts';
import { packageOf } from './package-of.ts';
import { levelOf, sentence } from './sarif-rule.ts';
import { type BaselineUse, marksOf } from './sarif-suppression.ts';
import { hexadecimal } from './write-json.ts';

/** Binaries have no lines, and GitHub refuses a result without one. */
const wholeFile: Region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };

const kinds = {
  fail: 'fail',
  unknown: 'open',
  pass: 'pass',
  'not-applicable': 'notApplicable',
} as const satisfies Record<Outcome, Result.kind>;

export interface Indexes {
  readonly rule: number;
  readonly artifact: number;
}

export interface ResultOptions {
  readonly placeOf: PlaceOf;
  readonly baseline: BaselineUse;
}

export function describeResult(
  finding: Finding,
  indexes: Indexes,
  { placeOf, baseline }: ResultOptions,
): Result {
  const { target, judged, verdict } = finding;
  const owner = packageOf(judged.facts);
  const own = ownLocation(finding, indexes.artifact);
  const place = placeOf(target, judged);
  const evidence = verdict.evidence.map((seen) => ({
    ...own,
    message: { text: describeEvidence(seen) },
  }));
  const related =
    place === null
      ? evidence
      : [{ ...own, message: { text: escapeMessage(judged.path) } }, ...evidence];
  return {
    ruleId: verdict.rule,
    ruleIndex: indexes.rule,
    kind: kinds[verdict.outcome],
    level: verdict.outcome === 'fail' ? levelOf(verdict.severity) : 'none',
    message: { text: `${describe(finding)}${place?.note ? ` ${place.note}.` : ''}` },
    locations: [{ ...locationAt(own, place), logicalLocations: logicalLocations(finding) }],
    ...(related.length === 0
      ? {}
      : { relatedLocations: related.map((location, id) => ({ id: id + 1, ...location })) }),
    partialFingerprints: { primaryLocationLineHash: `${fingerprintOf(finding)}:1` },
    ...marksOf(verdict, baseline),
    properties: {
      severity: verdict.severity,
      ...identityOf(judged),
      ...(judged.layer === null || target.kind !== 'image'
        ? {}
        : { layer: layerName(target, judged.layer) }),
      ...(owner === null ? {} : { package: owner.name }),
    },
  };
}

/** The image as a whole is no file that has a digest. */
function identityOf({ path, sha256 }: Judged) {
  return sha256 === null ? { image: path } : { binary: path, sha256 };
}

function ownLocation({ target, judged }: Finding, index: number): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: alertUri(target, judged), ...(index < 0 ? {} : { index }) },
      region: wholeFile,
    },
  };
}

function locationAt(own: Location, place: AlertPlace | null): Location {
  if (place === null) return own;
  const { file, line } = place;
  return {
    physicalLocation: {
      artifactLocation: { uri: encodePath(file) },
      region: { startLine: line, startColumn: 1, endLine: line, endColumn: 2 },
    },
  };
}

/** Binary, image and evidence: the first sentence is the alert's title. */
function describe({ target, judged, verdict }: Finding): string {
  const image = [target.name, target.platform].filter((part) => part !== null).join(', ');
  const place = target.kind === 'file' ? judged.path : `${judged.path} (${image})`;
  const seen = verdict.evidence.map((evidence) => describeEvidence(evidence)).join('; ');
  const message = sentence(escapeMessage(`${place}: ${verdict.message}`));
  return seen === '' ? message : `${message} Seen: ${seen}.`;
}

function describeEvidence({ what, saw, offset }: Evidence): string {
  const place = offset === undefined ? '' : ` at file offset ${hexadecimal(offset)}`;
  return escapeMessage(`${what}: ${saw}${place}`);
}

/** A message may hold links, `[text](target)`: a name that looks like one is no link. */
function escapeMessage(text: string): string {
  return escapeText(text).replace(/[[\]]/g, '\\$&');
}

/** Where it is in the image, apart from files of the checkout: binary, layer, and the package that owns it. */
function logicalLocations({ target, judged }: Finding): LogicalLocation[] {
  const image = escapeText(
    target.digest === null ? target.name : `${target.name}@${target.digest}`,
  );
  const name = escapeText(judged.path);
  const owner = packageLocations(judged);
  if (target.kind === 'file')
    return [{ name, fullyQualifiedName: name, kind: 'resource' }, ...owner];
  const place = { name, fullyQualifiedName: `${image}${name}`, kind: 'resource' };
  if (judged.layer === null || target.kind !== 'image') return [place, ...owner];
  const layer = escapeText(layerName(target, judged.layer));
  return [
    place,
    { name: layer, fullyQualifiedName: `${image}#${layer}`, kind: 'module' },
    ...owner,
  ];
}

function packageLocations({ facts }: Judged): LogicalLocation[] {
  const owner = packageOf(facts);
  if (owner === null) return [];
  const name = escapeText(owner.name);
  return [{ name, fullyQualifiedName: escapeText(owner.purl), kind: 'package' }];
}

function layerName({ layers }: TargetReport, index: number): string {
  const layer = layers[index];
  return layer?.digest ?? layer?.diffId ?? `layer ${index + 1}`;
}
