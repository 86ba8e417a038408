import { homepage } from '../base/version.ts';
import type { Judged, Report, TargetReport } from '../report/report.ts';
import { type AlertIdentities, createAlertIdentities } from './alerts/alert-identities.ts';
import { type AlertNames, createAlertNames } from './alerts/alert-names.ts';
import { createAlertPlaces } from './alerts/alert-place.ts';
import { type Alert, alertsOf } from './alerts/alerts.ts';
import { createNumbering } from './alerts/fingerprint.ts';
import { type Finding, findingsOf } from './findings/findings-of.ts';
import { owners } from './groups/groups-of.ts';
import { ownershipOf } from './groups/ownership-of.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { describeResult, fingerprintOfAlert } from './sarif/sarif-result.ts';
import { describeRule } from './sarif/sarif-rule.ts';
import {
  artifactsOf,
  categoryOf,
  invocationOf,
  propertiesOf,
  provenanceOf,
} from './sarif/sarif-run.ts';
import { baselineUse, isResult } from './sarif/sarif-suppression.ts';
import { writeJson } from './writing/write-json.ts';

/** SARIF 2.1.0 as GitHub code scanning takes it at the first try. */
const sarif: Reporter = {
  format: 'sarif',
  summary: 'SARIF 2.1.0 for code scanning',
  *render(report, options) {
    yield '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[';
    const names = createAlertNames(options.repository);
    const identities = createAlertIdentities(report.targets, names);
    for (const [index, targets] of splitIntoRuns(report, names).entries()) {
      yield `${index > 0 ? ',' : ''}\n`;
      yield* renderRun(report, { targets, names, identities }, options);
    }
    yield ']}\n';
  },
};
export default sarif;

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
  readonly names: AlertNames;
  readonly identities: AlertIdentities;
}

function* renderRun(report: Report, run: Run, options: RenderOptions): Generator<string> {
  const { targets, names } = run;
  const all = findingsOf({ ...report, targets }, 'everything').filter((finding) =>
    isResult(finding, options),
  );
  const findings = yoursFirst(options.all ? all : all.filter(isAnswerable));
  const alerts = alertsOf(findings);
  const kept = alerts.slice(0, mostResults);
  const rules = [...new Set(kept.map(({ findings: [{ verdict }] }) => verdict.rule))].sort();
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
      },
    },
    automationDetails: { id: categoryOf(targets, names) },
    invocations: [
      invocationOf(
        targets,
        { cut: alerts.length - kept.length, ofOthers: all.length - findings.length },
        report.policy,
      ),
    ],
    ...(provenance.length === 0 ? {} : { versionControlProvenance: provenance }),
    columnKind: 'utf16CodeUnits',
    properties: propertiesOf(report, targets),
    artifacts: artifactsOf(targets, names),
  };
  yield `${writeJson(head).slice(0, -1)},\n"results":[`;
  yield* renderResults(kept, rules, run, options);
  yield ']}';
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

function* renderResults(
  alerts: readonly Alert[],
  rules: readonly string[],
  { targets, names, identities }: Run,
  options: RenderOptions,
): Generator<string> {
  const ruleIndexes = new Map(rules.map((rule, index) => [rule, index]));
  const artifactIndexes = new Map<Judged, number>(
    targets.flatMap(({ binaries }) => binaries).map((binary, index) => [binary, index]),
  );
  const look = {
    names,
    placeOf: createAlertPlaces(options),
    baseline: baselineUse(targets, options),
    ruleIndexOf: (rule: string) => ruleIndexes.get(rule) ?? -1,
    artifactIndexOf: (judged: Judged) => artifactIndexes.get(judged) ?? -1,
  };
  const numbered = createNumbering();
  for (const [index, alert] of alerts.entries()) {
    const fingerprint = numbered(fingerprintOfAlert(alert, identities));
    const result = describeResult(alert, fingerprint, look);
    yield `${index > 0 ? ',' : ''}\n${writeJson(result)}`;
  }
}
