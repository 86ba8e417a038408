import { breaksGate } from '../finding.ts';
import { judgedOf } from '../judged.ts';
import { isIncomplete } from '../problem.ts';
import type { JudgedVerdict, Report, TargetReport } from '../report.ts';
import { acceptanceOf, policySources } from './acceptance.ts';
import { choiceOf, tellApart } from './apart.ts';
import { escapeXml } from './escape-xml.ts';
import type { Finding } from './findings.ts';
import { fixText } from './remedies/fix.ts';
import { fixesOf } from './remedies/fixes-of.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { hexadecimal } from './write-json.ts';

/**
 * A test suite for each target, a test case for each rule and what it judges. What breaks the gate is a failure, a finding
 * below it passes with its message in system-out, and what could not be decided or scanned is skipped or an error:
 * so a CI system that counts failures agrees with the exit code.
 */
const junit: Reporter = {
  format: 'junit',
  summary: 'JUnit XML for the test view of a CI system',
  *render(report, options) {
    yield '<?xml version="1.0" encoding="UTF-8"?>\n';
    yield `<testsuites name="hullcheck"${totals(report, report.targets, totalsOfGate(report))}>\n`;
    const apart = tellApart(report.targets);
    for (const target of report.targets) {
      // Two cases of one class and name are one case to most CI systems, whatever suites they lie in.
      const which = apart(target);
      const suffix = which === null ? '' : ` (${which})`;
      yield `  <testsuite name="${escapeXml(`${target.name}${suffix}`)}"${totals(report, [target])}${skippedOf(report, target)}>\n`;
      yield* renderChoice(target);
      for (const judged of judgedOf(target)) {
        const name = `${judged.path}${suffix}`;
        for (const verdict of judged.verdicts)
          yield renderCase({ report, options, name }, { target, judged, verdict });
      }
      for (const { where, message, kind } of target.problems.filter(isIncomplete)) {
        yield `    <testcase classname="${escapeXml(where)}" name="scanned whole"><error type="${kind}" message="${escapeXml(message)}"/></testcase>\n`;
      }
      yield '  </testsuite>\n';
    }
    yield* renderGate(report);
    yield '</testsuites>\n';
  },
};
export default junit;

/** The first of a suite, where the format has room for facts about it. */
function* renderChoice(target: TargetReport): Generator<string> {
  const choice = choiceOf(target);
  if (choice === null) return;
  yield `    <properties><property name="platform" value="${escapeXml(choice)}"/></properties>\n`;
}

interface GateTotals {
  readonly failures: number;
  readonly errors: number;
}

/** What no single test case can show: conditions over many verdicts, and that there was nothing to scan. */
function totalsOfGate({ gate, targets }: Report): GateTotals {
  const unread = targets.some(({ problems }) => problems.some(isIncomplete));
  const failures = gate.failed.filter((condition) => condition.of === 'totals').length;
  return { failures, errors: gate.state === 'open' && !unread ? 1 : 0 };
}

function* renderGate(report: Report): Generator<string> {
  const { failures, errors } = totalsOfGate(report);
  const { policy } = report;
  yield `  <testsuite name="gate" tests="${failures + errors}" failures="${failures}" errors="${errors}" skipped="0">\n`;
  for (const { condition, because } of report.gate.failed.filter(({ of }) => of === 'totals'))
    yield `    <testcase classname="gate" name="${escapeXml(condition)}"><failure message="${escapeXml(because)}"/></testcase>\n`;
  if (errors > 0)
    yield `    <testcase classname="gate" name="something to scan"><error message="${escapeXml(report.gate.because)}"/></testcase>\n`;
  yield `    <system-out>${escapeXml(gateLines(report).join('\n'))}</system-out>\n`;
  if (policy.warnings.length > 0)
    yield `    <system-err>${escapeXml(policy.warnings.join('\n'))}</system-err>\n`;
  yield '  </testsuite>\n';
}

function gateLines(report: Report): readonly string[] {
  const sources = policySources(report);
  const { state, because } = report.gate;
  return [`${answers[state]}: ${because}`, ...(sources === null ? [] : [`by ${sources}`])];
}

const answers = {
  holds: 'GATE HOLDS',
  broken: 'GATE BROKEN',
  open: 'GATE HAS NO ANSWER',
} as const;

function totals(
  report: Report,
  targets: readonly TargetReport[],
  gate: GateTotals = { failures: 0, errors: 0 },
): string {
  const verdicts = targets.flatMap((target) =>
    judgedOf(target).flatMap((judged) => judged.verdicts),
  );
  const unread = targets.flatMap(({ problems }) => problems).filter(isIncomplete).length;
  const broken = verdicts.filter((verdict) => breaksGate(report.gate, verdict)).length;
  const [failures, errors] = [broken + gate.failures, unread + gate.errors];
  return ` tests="${verdicts.length - broken + failures + errors}" failures="${failures}" errors="${errors}"`;
}

/** Of a suite alone: Jenkins' schema has no such attribute of all suites together. */
function skippedOf(report: Report, target: TargetReport): string {
  const skipped = judgedOf(target)
    .flatMap((judged) => judged.verdicts)
    .filter((verdict) => isSkipped(report, verdict)).length;
  return ` skipped="${skipped}"`;
}

interface Place {
  readonly report: Report;
  readonly options: RenderOptions;
  readonly name: string;
}

function renderCase({ report, options, name }: Place, finding: Finding): string {
  const { verdict } = finding;
  const head = `    <testcase classname="${escapeXml(name)}" name="${escapeXml(verdict.rule)}"`;
  const body = renderOutcome(report, finding, options);
  return body === '' ? `${head}/>\n` : `${head}>${body}</testcase>\n`;
}

function renderOutcome(report: Report, finding: Finding, options: RenderOptions): string {
  const { verdict } = finding;
  const accepted = acceptanceOf(verdict);
  const message = escapeXml(
    accepted === null ? verdict.message : `${accepted} (${verdict.message})`,
  );
  if (verdict.outcome === 'pass') return '';
  if (isSkipped(report, verdict)) return `<skipped message="${message}"/>`;
  if (!breaksGate(report.gate, verdict))
    return `<system-out>${escapeXml(verdict.severity)}: ${message}</system-out>`;
  const evidence = verdict.evidence.map(
    ({ what, saw, offset }) =>
      `${what}: ${saw}${offset === undefined ? '' : ` at offset ${hexadecimal(offset)}`}`,
  );
  const fixes =
    verdict.outcome === 'fail'
      ? fixesOf([finding], options).map((fix) => `fix: ${fixText(fix)}`)
      : [];
  const type = verdict.outcome === 'fail' ? verdict.severity : verdict.outcome;
  return `<failure type="${type}" message="${message}">${escapeXml([evidence.join('; '), ...fixes].join('\n'))}</failure>`;
}

/** What was not decided or does not count, unless it breaks the gate. */
function isSkipped({ gate }: Report, verdict: JudgedVerdict): boolean {
  if (verdict.outcome === 'pass' || breaksGate(gate, verdict)) return false;
  return verdict.outcome !== 'fail' || acceptanceOf(verdict) !== null;
}
