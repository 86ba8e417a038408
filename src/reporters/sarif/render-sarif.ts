import { homepage } from '../../base/version.ts';
import type { Judged, Report, TargetReport } from '../../report/report.ts';
import { type AlertIdentities, createAlertIdentities } from '../alerts/alert-identities.ts';
import { type AlertNames, createAlertNames } from '../alerts/alert-names.ts';
import { createAlertPlaces } from '../alerts/alert-place.ts';
import { type Alert, alertsOf } from '../alerts/alerts.ts';
import { createNumbering } from '../alerts/fingerprint.ts';
import { type Finding, findingsOf } from '../findings/findings-of.ts';
import { owners } from '../groups/groups-of.ts';
import { ownershipOf } from '../groups/ownership-of.ts';
import type { RenderOptions } from '../reporter.ts';
import { writeJson } from '../writing/write-json.ts';
import { isWorsened, type SarifComparison, worseningOf } from './sarif-comparison.ts';
import { describeGone, describeResult, fingerprintOfAlert } from './sarif-result.ts';
import { describeRule } from './sarif-rule.ts';
import {
  artifactsOf,
  categoryOf,
  invocationOf,
  notificationsOf,
  propertiesOf,
  provenanceOf,
} from './sarif-run.ts';
import { baselineUse, isResult } from './sarif-suppression.ts';

/** What of the options this format reads. */
export type SarifOptions = Pick<
  RenderOptions,
  'all' | 'suppressions' | 'rules' | 'repository' | 'alertLocation' | 'dockerfile'
>;

/** `comparison`: with an older report, whose state each result has. */
export function* renderSarif(
  report: Report,
  options: SarifOptions,
  comparison: SarifComparison | null = null,
): Generator<string> {
  yield '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[';
  const names = createAlertNames(options.repository);
  const identities = createAlertIdentities(report.targets, names);
  const oldIdentities =
    comparison?.old == null ? null : createAlertIdentities(comparison.old.targets, names);
  for (const [index, targets] of splitIntoRuns(report, names).entries()) {
    yield `${index > 0 ? ',' : ''}\n`;
    const run = { targets, isFirst: index === 0, names, identities, oldIdentities, comparison };
    yield* renderRun(report, run, options);
  }
  yield ']}\n';
}

/** GitHub's limits: it refuses a file with more runs, and keeps no more results of one. */
const mostRuns = 20;
const mostResults = 5000;

/** A run for each image, since GitHub refuses two runs of one category; one for all where they are too many or alike. */
function splitIntoRuns(
  { targets }: Report,
  names: AlertNames,
): readonly (readonly TargetReport[])[] {
  const categories = new Set(targets.map((target) => categoryOf([target], names)));
  const each = targets.length <= mostRuns && categories.size === targets.length;
  return each && targets.length > 0 ? targets.map((target) => [target]) : [targets];
}

interface Run {
  readonly targets: readonly TargetReport[];
  readonly isFirst: boolean;
  readonly names: AlertNames;
  readonly identities: AlertIdentities;
  /** null: what is gone is not listed. */
  readonly oldIdentities: AlertIdentities | null;
  readonly comparison: SarifComparison | null;
}

/** An alert of the run, by a fingerprint that no other one of it has. */
interface Placed {
  readonly alert: Alert;
  readonly fingerprint: string;
  readonly isGone: boolean;
}

function* renderRun(report: Report, run: Run, options: SarifOptions): Generator<string> {
  const { targets, names } = run;
  const { findings, ofOthers } = resultsIn(report, targets, options, run.comparison);
  const there = placed(findings, run.identities);
  const all = [...worseFirst(there, run.comparison), ...goneFrom(there, run, options)];
  const kept = all.slice(0, mostResults);
  const rules = [...new Set(kept.map(({ alert }) => alert.findings[0].verdict.rule))].sort();
  const descriptors = rules.map((id) =>
    describeRule(
      id,
      options.rules.find((rule) => rule.id === id),
    ),
  );
  const { name, version } = report.tool;
  const provenance = provenanceOf(targets);
  const head = {
    tool: {
      driver: {
        name,
        semanticVersion: version,
        ...(homepage === null ? {} : { informationUri: homepage }),
        rules: descriptors,
        ...notificationsOf(report.policy),
      },
    },
    automationDetails: { id: categoryOf(targets, names) },
    invocations: [
      invocationOf(
        targets,
        { cut: all.length - kept.length, ofOthers },
        report.policy,
        run.comparison?.notes,
      ),
    ],
    ...(provenance.length === 0 ? {} : { versionControlProvenance: provenance }),
    columnKind: 'utf16CodeUnits',
    properties: {
      ...propertiesOf(report, targets),
      ...(run.comparison === null ? {} : { comparison: run.comparison.answer }),
    },
    artifacts: artifactsOf(targets, names),
  };
  yield `${writeJson(head).slice(0, -1)},\n"results":[`;
  yield* renderResults(kept, rules, run, options);
  yield ']}';
}

/** What became worse is a result whatever it is now, behind those of a scan: theirs keep their numbers. */
function resultsIn(
  report: Report,
  targets: readonly TargetReport[],
  options: SarifOptions,
  comparison: SarifComparison | null = null,
): { readonly findings: readonly Finding[]; readonly ofOthers: number } {
  const everything = findingsOf({ ...report, targets }, 'everything');
  const ofScan = everything.filter((finding) => isResult(finding, options));
  const more =
    comparison === null
      ? []
      : everything.filter(
          (finding) => !isResult(finding, options) && isWorsened(finding, comparison),
        );
  const all = [...yoursFirst(ofScan), ...yoursFirst(more)];
  const findings = options.all ? all : all.filter(isAnswerable);
  return { findings, ofOthers: all.length - findings.length };
}

/** An alert needs an action: one for a file outside the gate could only be closed. */
function isAnswerable({ verdict }: Finding): boolean {
  return verdict.outsideGate === undefined;
}

/** Each part keeps its order by severity. A viewer that shows a few shows the first. */
function yoursFirst(findings: readonly Finding[]): readonly Finding[] {
  return owners.flatMap((whose) =>
    findings.filter(({ judged }) => ownershipOf(judged).whose === whose),
  );
}

function placed(findings: readonly Finding[], identities: AlertIdentities): readonly Placed[] {
  const numbered = createNumbering();
  return alertsOf(findings).map((alert) => ({
    alert,
    fingerprint: numbered(fingerprintOfAlert(alert, identities)),
    isGone: false,
  }));
}

function worseFirst(all: readonly Placed[], comparison: SarifComparison | null) {
  const isWorse = ({ alert }: Placed) => worseningOf(alert, comparison) !== null;
  return comparison === null
    ? all
    : [...all.filter(isWorse), ...all.filter((each) => !isWorse(each))];
}

/** By the fingerprints that the older report had for them. What has one that is still there is not gone. */
function goneFrom(
  there: readonly Placed[],
  { targets, isFirst, comparison, oldIdentities }: Run,
  options: SarifOptions,
): readonly Placed[] {
  const old = comparison?.old;
  if (comparison === null || old == null || oldIdentities === null) return [];
  const before = comparison.oldTargetsOf(targets, isFirst);
  const known = new Set(there.map(({ fingerprint }) => fingerprint));
  return placed(resultsIn(old, before, options).findings, oldIdentities)
    .filter(
      ({ alert, fingerprint }) =>
        !known.has(fingerprint) && alert.findings.every((finding) => comparison.isGone(finding)),
    )
    .map((each) => ({ ...each, isGone: true }));
}

function* renderResults(
  kept: readonly Placed[],
  rules: readonly string[],
  { targets, names, comparison }: Run,
  options: SarifOptions,
): Generator<string> {
  const ruleIndexes = new Map(rules.map((rule, index) => [rule, index]));
  const artifactIndexes = new Map<Judged, number>(
    targets.flatMap(({ binaries }) => binaries).map((binary, index) => [binary, index]),
  );
  const look = {
    names,
    placeOf: createAlertPlaces(options),
    baseline: baselineUse(targets, options),
    comparison,
    ruleIndexOf: (rule: string) => ruleIndexes.get(rule) ?? -1,
    artifactIndexOf: (judged: Judged) => artifactIndexes.get(judged) ?? -1,
  };
  for (const [index, { alert, fingerprint, isGone }] of kept.entries()) {
    const result = isGone
      ? describeGone(alert, fingerprint, look)
      : describeResult(alert, fingerprint, look);
    yield `${index > 0 ? ',' : ''}\n${writeJson(result)}`;
  }
}
