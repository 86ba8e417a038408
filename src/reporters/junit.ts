import { isIncomplete } from '../problem.ts';
import type { BinaryReport, JudgedVerdict, Report, TargetReport } from '../report.ts';
import { severitiesFrom } from '../verdict.ts';
import { escapeXml } from './escape-xml.ts';
import type { Reporter } from './reporter.ts';
import { hexadecimal } from './write-json.ts';

/**
 * A test suite for each target, a test case for each binary and rule. What breaks the gate is a failure, a finding
 * below it passes with its message in system-out, and what could not be decided or scanned is skipped or an error:
 * so a CI system that counts failures agrees with the exit code.
 */
const junit: Reporter = {
  format: 'junit',
  summary: 'JUnit XML for the test view of a CI system',
  *render(report) {
    yield '<?xml version="1.0" encoding="UTF-8"?>\n';
    yield `<testsuites name="hullcheck"${totals(report, report.targets)}>\n`;
    for (const target of report.targets) {
      yield `  <testsuite name="${escapeXml(target.name)}"${totals(report, [target])}>\n`;
      for (const binary of target.binaries) {
        for (const verdict of binary.verdicts) yield renderCase(report, binary, verdict);
      }
      for (const { where, message, kind } of target.problems.filter(isIncomplete)) {
        yield `    <testcase classname="${escapeXml(where)}" name="scanned whole"><error type="${kind}" message="${escapeXml(message)}"/></testcase>\n`;
      }
      yield '  </testsuite>\n';
    }
    yield '</testsuites>\n';
  },
};
export default junit;

function totals(report: Report, targets: readonly TargetReport[]): string {
  const verdicts = targets.flatMap(({ binaries }) => binaries.flatMap((binary) => binary.verdicts));
  const errors = targets.flatMap(({ problems }) => problems).filter(isIncomplete).length;
  const failures = verdicts.filter((verdict) => breaksGate(report, verdict)).length;
  const skipped = verdicts.filter(
    ({ outcome }) => outcome === 'unknown' || outcome === 'not-applicable',
  ).length;
  return ` tests="${verdicts.length + errors}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
}

function renderCase(report: Report, { path }: BinaryReport, verdict: JudgedVerdict): string {
  const head = `    <testcase classname="${escapeXml(path)}" name="${escapeXml(verdict.rule)}"`;
  const body = renderOutcome(report, verdict);
  return body === '' ? `${head}/>\n` : `${head}>${body}</testcase>\n`;
}

function renderOutcome(report: Report, verdict: JudgedVerdict): string {
  const message = escapeXml(verdict.message);
  if (verdict.outcome === 'pass') return '';
  if (verdict.outcome !== 'fail') return `<skipped message="${message}"/>`;
  if (!breaksGate(report, verdict))
    return `<system-out>${escapeXml(verdict.severity)}: ${message}</system-out>`;
  const evidence = verdict.evidence.map(
    ({ what, saw, offset }) =>
      `${what}: ${saw}${offset === undefined ? '' : ` at offset ${hexadecimal(offset)}`}`,
  );
  return `<failure type="${verdict.severity}" message="${message}">${escapeXml(evidence.join('; '))}</failure>`;
}

function breaksGate({ gate }: Report, { outcome, severity }: JudgedVerdict): boolean {
  return outcome === 'fail' && severitiesFrom(gate.failOn).includes(severity);
}
