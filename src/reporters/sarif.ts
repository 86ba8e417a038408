import { judgedOf } from '../judged.ts';
import type { Judged, Report, TargetReport } from '../report.ts';
import { homepage } from '../version.ts';
import { createAlertPlaces } from './alert-place.ts';
import { type Finding, findingsOf } from './findings.ts';
import { ownershipOf } from './groups/ownership-of.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { describeResult } from './sarif-result.ts';
import { describeRule } from './sarif-rule.ts';
import { artifactsOf, categoryOf, invocationOf, propertiesOf, provenanceOf } from './sarif-run.ts';
import { baselineUse, isResult } from './sarif-suppression.ts';
import { writeJson } from './write-json.ts';

/** SARIF 2.1.0 as GitHub code scanning takes it at the first try. */
const sarif: Reporter = {
  format: 'sarif',
  summary: 'SARIF 2.1.0 for code scanning',
  *render(report, options) {
    yield '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[';
    for (const [index, targets] of splitIntoRuns(report).entries()) {
      yield `${index > 0 ? ',' : ''}\n`;
      yield* renderRun(report, targets, options);
    }
    yield ']}\n';
  },
};
export default sarif;

/** GitHub's limits: it refuses a file with more runs, and keeps no more results of one. */
const mostRuns = 20;
const mostResults = 5000;

/** A run for each image, since GitHub refuses two runs of one category; one for all where they are too many or alike. */
function splitIntoRuns({ targets }: Report): readonly (readonly TargetReport[])[] {
  const categories = new Set(targets.map((target) => categoryOf([target])));
  const each = targets.length <= mostRuns && categories.size === targets.length;
  return each && targets.length > 0 ? targets.map((target) => [target]) : [targets];
}

function* renderRun(
  report: Report,
  targets: readonly TargetReport[],
  options: RenderOptions,
): Generator<string> {
  const all = findingsOf({ ...report, targets }, 'everything').filter((finding) =>
    isResult(finding, options),
  );
  const findings = yoursFirst(options.all ? all : all.filter(isAnswerable));
  const kept = findings.slice(0, mostResults);
  const rules = [
    ...new Set(
      targets.flatMap((target) =>
        judgedOf(target).flatMap(({ verdicts }) => verdicts.map(({ rule }) => rule)),
      ),
    ),
  ].sort();
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
    automationDetails: { id: categoryOf(targets) },
    invocations: [
      invocationOf(
        targets,
        { cut: findings.length - kept.length, ofOthers: all.length - findings.length },
        report.policy,
      ),
    ],
    ...(provenance.length === 0 ? {} : { versionControlProvenance: provenance }),
    columnKind: 'utf16CodeUnits',
    properties: propertiesOf(report, targets),
    artifacts: artifactsOf(targets),
  };
  yield `${writeJson(head).slice(0, -1)},\n"results":[`;
  yield* renderResults(kept, { targets, rules, options });
  yield ']}';
}

/** An alert asks for an answer: one of what the gate is not of could only be closed. */
function isAnswerable({ verdict }: Finding): boolean {
  return verdict.outsideGate === undefined;
}

/** Each part keeps its order by severity. A viewer that shows a few shows the first. */
function yoursFirst(findings: readonly Finding[]): readonly Finding[] {
  return (['yours', 'dependency', 'distribution'] as const).flatMap((whose) =>
    findings.filter(({ judged }) => ownershipOf(judged).whose === whose),
  );
}

interface Run {
  readonly targets: readonly TargetReport[];
  readonly rules: readonly string[];
  readonly options: RenderOptions;
}

function* renderResults(
  findings: readonly Finding[],
  { targets, rules, options }: Run,
): Generator<string> {
  const ruleIndexes = new Map(rules.map((rule, index) => [rule, index]));
  const artifactIndexes = new Map<Judged, number>(
    targets.flatMap(({ binaries }) => binaries).map((binary, index) => [binary, index]),
  );
  const look = { placeOf: createAlertPlaces(options), baseline: baselineUse(targets, options) };
  for (const [index, finding] of findings.entries()) {
    const indexes = {
      rule: ruleIndexes.get(finding.verdict.rule) ?? -1,
      artifact: artifactIndexes.get(finding.judged) ?? -1,
    };
    yield `${index > 0 ? ',' : ''}\n${writeJson(describeResult(finding, indexes, look))}`;
  }
}
