import type { Location, LogicalLocation, Region } from 'sarif';
import { escapeText } from '../../base/escape.ts';
import type { Judged, TargetReport } from '../../report/report.ts';
import { type AlertNames, encodePath } from '../alerts/alert-names.ts';
import type { AlertPlace, PlaceOf } from '../alerts/alert-place.ts';
import type { Alert } from '../alerts/alerts.ts';
import type { Finding } from '../findings/findings-of.ts';
import { packageOf } from '../findings/package-of.ts';
import type { Component } from '../groups/ownership-of.ts';
import type { SarifComparison } from './sarif-comparison.ts';
import type { BaselineUse } from './sarif-suppression.ts';

/** Binaries have no lines, and GitHub refuses a result without one. */
const wholeFile: Region = lineRegion(1);

/** GitHub keeps so many locations of a result, and refuses a file with ten times as many. */
const mostLocations = 100;
const mostRelated = 800;

interface Locations {
  readonly locations: Location[];
  readonly related: readonly Location[];
}

/** A viewer shows the first location, and takes an alert whose first location moves for another one. */
export function locationsOf(alert: Alert, options: ResultOptions): Locations {
  const [finding] = alert.findings;
  const place = options.placeOf(finding.target, finding.judged);
  if (place !== null) return placedLocations(alert, options);
  if (alert.component === null) {
    const logicalLocations = logicalLocationsOf(finding);
    return { locations: [{ ...ownLocation(finding, options), logicalLocations }], related: [] };
  }
  const byPath = alert.findings.toSorted((a, b) => (a.judged.path < b.judged.path ? -1 : 1));
  const all = [
    ...packageLocation(alert.component, finding.target, options),
    ...byPath.map((each) => ownLocation(each, options)),
  ];
  const more = all.slice(mostLocations, mostLocations + mostRelated);
  return {
    locations: all.slice(0, mostLocations),
    related: more.map((each) => ({ ...each, message: { text: 'Another file of the package.' } })),
  };
}

/** At lines of a file of the repository, with the binaries behind them. */
function placedLocations({ findings }: Alert, options: ResultOptions): Locations {
  const places = new Map<string, Location>();
  for (const finding of findings) {
    const place = options.placeOf(finding.target, finding.judged);
    const key = JSON.stringify(place);
    if (place === null || places.has(key)) continue;
    const logicalLocations = logicalLocationsOf(finding);
    places.set(key, { ...locationAt(place), logicalLocations });
  }
  const byLine = [...places.values()].toSorted((a, b) => lineOf(a) - lineOf(b));
  const related = findings.slice(0, mostRelated).map((each) => ({
    ...ownLocation(each, options),
    message: { text: escapeMessage(each.judged.path) },
  }));
  return { locations: byLine.slice(0, mostLocations), related };
}

function lineOf({ physicalLocation }: Location): number {
  return physicalLocation?.region?.startLine ?? 0;
}

/**
 * The package itself, for files come and go with its versions. In a folder of the repository it is not a file, so its
 * first file by path comes first there.
 */
function packageLocation(
  { ecosystem, group, purl }: Component,
  target: TargetReport,
  { names }: ResultOptions,
): readonly Location[] {
  if (names.isInRepository(target)) return [];
  const platform = target.platform === null ? [] : [target.platform];
  const uri = encodePath([names.nameOf(target), ...platform, ecosystem, group].join('/'));
  const name = escapeText(group);
  return [
    {
      physicalLocation: { artifactLocation: { uri }, region: wholeFile },
      logicalLocations: [{ name, fullyQualifiedName: escapeText(purl), kind: 'package' }],
    },
  ];
}

/** Of the binary by its own path. */
export function ownLocation(
  { target, judged }: Finding,
  { names, artifactIndexOf }: ResultOptions,
): Location {
  const index = artifactIndexOf(judged);
  return {
    physicalLocation: {
      artifactLocation: { uri: names.uriOf(target, judged), ...(index < 0 ? {} : { index }) },
      region: wholeFile,
    },
  };
}

function locationAt({ file, line }: AlertPlace): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodePath(file) },
      region: lineRegion(line),
    },
  };
}

/** Where it is in the image, apart from files of the checkout: binary, layer, and the package that owns it. */
function logicalLocationsOf({ target, judged }: Finding): LogicalLocation[] {
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

export function layerName({ layers }: TargetReport, index: number): string {
  const layer = layers[index];
  return layer?.digest ?? layer?.diffId ?? `layer ${index + 1}`;
}

function lineRegion(line: number): Region {
  return { startLine: line, startColumn: 1, endLine: line, endColumn: 2 };
}

/** A message may hold links, `[text](target)`: a name that looks like one is not a link. */
export function escapeMessage(text: string): string {
  return escapeText(text).replace(/[[\]]/g, '\\$&');
}

export interface ResultOptions {
  readonly names: AlertNames;
  readonly placeOf: PlaceOf;
  readonly baseline: BaselineUse;
  /** null: with no older report. */
  readonly comparison: SarifComparison | null;
  /** Of its rule in the run. */
  ruleIndexOf(rule: string): number;
  /** In the list of the run; -1: it is not a file. */
  artifactIndexOf(judged: Judged): number;
}
