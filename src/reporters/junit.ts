import { amount } from '../base/amount.ts';
import { isIncomplete } from '../base/problem.ts';
import { compareSeverity } from '../base/verdict.ts';
import { undecidedConditions } from '../report/conditions-of.ts';
import { distinguishTargets } from '../report/distinguish-targets.ts';
import { isFinding } from '../report/finding.ts';
import { gatedImages, gateOfTarget, ownGates } from '../report/gates.ts';
import type { PolicyMessage, Report, TargetReport } from '../report/report.ts';
import { createAlertNames } from './alerts/alert-names.ts';
import { acceptanceOf, levelsInForce, messagesIn, policySources } from './findings/accepted.ts';
import { choiceOf } from './findings/distinguish-targets.ts';
import type { Finding } from './findings/findings-of.ts';
import { waiverInUseText, waiversInUse } from './findings/waivers-in-use.ts';
import { worseEntryOf } from './findings/worse-entries.ts';
import { lostText } from './findings/worse-words.ts';
import { escapeXml } from './junit/escape-xml.ts';
import { casesOf, type TestCase } from './junit/junit-cases.ts';
import { fixText } from './remedies/fix.ts';
import { fixesOf } from './remedies/fixes-of.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { hexadecimal } from './writing/write-json.ts';

/**
 * A test suite for each target, a test case for each rule and what it judges. What breaks the gate is a failure, a finding
 * below it passes with its message in system-out, and what could not be decided or scanned is skipped or an error:
 * so a CI system that has failures agrees with the exit code.
 */
const junit: Reporter = {
  format: 'junit',
  summary: 'JUnit XML for the test view of a CI system',
  *render(report, options) {
    yield '<?xml version="1.0" encoding="UTF-8"?>\n';
    const suites = suitesOf(report, options);
    const gate = countsOfGate(report);
    const lostOf = ({ verdict }: Finding) => lostText(worseEntryOf(report, verdict));
    const total = sum([...suites.map(countsOf), gate]);
    yield `<testsuites name="hullcheck"${attributes(total)}>\n`;
    for (const suite of suites) yield* renderSuite(suite, { ...options, lostOf });
    yield* renderGate(report, gate);
    yield '</testsuites>\n';
  },
};
export default junit;

interface Suite {
  readonly target: TargetReport;
  readonly name: string;
  /** Behind each class: two cases of one class and name are one case to most CI systems, whatever suites they lie in. */
  readonly suffix: string;
  readonly cases: readonly TestCase[];
}

function suitesOf(report: Report, options: RenderOptions): readonly Suite[] {
  const { targets } = report;
  const apart = distinguishTargets(targets);
  const names = createAlertNames(options.repository);
  const stable = targets.map((target) => names.nameOf(target));
  return targets.map((target, at) => {
    const which = apart(target);
    const name = stable[at] ?? '';
    const label = stable.indexOf(name) === stable.lastIndexOf(name) ? name : target.name;
    return {
      target,
      name: which === null ? target.name : `${target.name} (${which})`,
      suffix: targets.length < 2 ? '' : ` (${which ?? label})`,
      cases: casesOf(target, gateOfTarget(target, report), options.all ? 'file' : 'component'),
    };
  });
}

interface CaseCounts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function countsOf({ target, cases }: Suite): CaseCounts {
  const errors = target.problems.filter(isIncomplete).length;
  return {
    tests: cases.length + errors,
    failures: cases.filter(({ end }) => end.how === 'failed').length,
    errors,
    skipped: cases.filter(({ end }) => end.how === 'skipped').length,
  };
}

/** What no single test case can show: conditions over many verdicts, and that there was nothing to scan. */
function countsOfGate(report: Report): CaseCounts {
  const failures = gateCases(report).filter(({ how }) => how === 'failure').length;
  const errors = gateCases(report).length - failures;
  return { tests: failures + errors, failures, errors, skipped: 0 };
}

interface GateCase {
  readonly name: string;
  readonly how: 'failure' | 'error';
  readonly message: string;
}

/** Of several images each has its own. */
function gateCases(report: Report): readonly GateCase[] {
  const images = gatedImages(report);
  const none = { name: '', targets: [], gate: report.gate };
  return (images.length === 0 ? [none] : images).flatMap(({ name, targets, gate }) => {
    const suffix = images.length < 2 ? '' : ` (${name})`;
    const unread = targets.some(({ problems }) => problems.some(isIncomplete));
    const totals = gate.failed
      .filter(({ of }) => of === 'totals')
      .map(({ condition, because }) => ({
        name: `${condition}${suffix}`,
        how: 'failure' as const,
        message: because,
      }));
    if (gate.state !== 'undecided' || unread) return totals;
    const empty = {
      name: `${undecidedConditions(gate)[0]?.condition ?? 'something to scan'}${suffix}`,
      how: 'error',
      message: gate.because,
    } as const;
    return [...totals, empty];
  });
}

function sum(all: readonly CaseCounts[]): Omit<CaseCounts, 'skipped'> {
  const of = (name: keyof CaseCounts) => all.reduce((total, counts) => total + counts[name], 0);
  return { tests: of('tests'), failures: of('failures'), errors: of('errors') };
}

/** Only a suite has `skipped`: Jenkins' schema has no such attribute for all suites together. */
function attributes(counts: Partial<CaseCounts>): string {
  return Object.entries(counts)
    .map(([name, count]) => ` ${name}="${count}"`)
    .join('');
}

interface CaseOptions extends RenderOptions {
  /** What was lost since the older release; null: nothing, or there is none. */
  readonly lostOf: (finding: Finding) => string | null;
}

function* renderSuite(suite: Suite, { lostOf, ...options }: CaseOptions): Generator<string> {
  const { target, name, suffix, cases } = suite;
  yield `  <testsuite name="${escapeXml(name)}"${attributes(countsOf(suite))}>\n`;
  yield* renderChoice(target);
  for (const each of cases) yield renderCase(each, suffix, { ...options, lostOf });
  for (const { where, message, kind } of target.problems.filter(isIncomplete))
    yield `    <testcase classname="${escapeXml(`${where}${suffix}`)}" name="scanned whole"><error type="${kind}" message="${escapeXml(message)}"/></testcase>\n`;
  yield '  </testsuite>\n';
}

/** The first of a suite, where the format has room for facts about it. */
function* renderChoice(target: TargetReport): Generator<string> {
  const choice = choiceOf(target);
  if (choice === null) return;
  yield `    <properties><property name="platform" value="${escapeXml(choice)}"/></properties>\n`;
}

function renderCase(each: TestCase, suffix: string, options: CaseOptions): string {
  const head = `    <testcase classname="${escapeXml(`${each.of}${suffix}`)}" name="${escapeXml(each.rule)}"`;
  const body = renderEnd(each, options);
  return body === '' ? `${head}/>\n` : `${head}>${body}</testcase>\n`;
}

function renderEnd(each: TestCase, options: CaseOptions): string {
  const { how, by } = each.end;
  const [first] = by;
  if (first === undefined || how === 'passed') return '';
  const { outcome, severity } = first.verdict;
  const message = escapeXml(messageOf(each, first));
  if (how === 'skipped') return `<skipped message="${message}"/>`;
  if (how === 'noted')
    return `<system-out>${[`${escapeXml(severity)}: ${message}`, ...filesOf(each)].join('\n')}</system-out>`;
  const lost = options.lostOf(first);
  // What was lost says itself what brings it back.
  const fixes =
    outcome === 'fail' && lost === null ? fixesOf(fixedWith(first), options).map(fixText) : [];
  const fixed = fixes.map((text) => escapeXml(`fix: ${text}`));
  const worse = lost === null ? [] : [escapeXml(`worse than before: ${lost}`)];
  const seen = each.component === null ? [escapeXml(evidenceOf(first))] : filesOf(each);
  const lines = [...worse, ...seen];
  const type = outcome === 'fail' ? severity : outcome;
  return `<failure type="${type}" message="${message}">${[...lines, ...fixed].join('\n')}</failure>`;
}

/** Everything that fails the same file, the requested one first: one build fixes them together. */
function fixedWith(first: Finding): readonly [Finding, ...Finding[]] {
  const others = first.judged.verdicts
    .filter((verdict) => verdict !== first.verdict && verdict.outcome === 'fail')
    .filter(isFinding)
    .toSorted(compareSeverity);
  return [first, ...others.map((verdict) => ({ ...first, verdict }))];
}

/** What the worst of them says, and of how many files it is. */
function messageOf({ component, verdicts, end }: TestCase, { verdict }: Finding): string {
  const accepted = acceptanceOf(verdict);
  const message = accepted === null ? verdict.message : `${accepted} (${verdict.message})`;
  if (component === null) return message;
  const all = amount(verdicts.length, 'file');
  const of = end.by.length === verdicts.length ? all : `${end.by.length} of ${all}`;
  return `${of}: ${message}`;
}

/** A log is read by people. */
const mostFiles = 20;

function filesOf({ component, end: { by } }: TestCase): readonly string[] {
  if (component === null) return [];
  const lines = by.slice(0, mostFiles).map((finding) => {
    const evidence = evidenceOf(finding);
    return escapeXml(
      `- ${finding.judged.path}: ${finding.verdict.message}${evidence === '' ? '' : ` (${evidence})`}`,
    );
  });
  const more = by.length - mostFiles;
  return more > 0 ? [...lines, `and ${amount(more, 'more file')}`] : lines;
}

function evidenceOf({ verdict }: Finding): string {
  return verdict.evidence
    .map(
      ({ what, saw, offset }) =>
        `${what}: ${saw}${offset === undefined ? '' : ` at offset ${hexadecimal(offset)}`}`,
    )
    .join('; ');
}

function* renderGate(report: Report, counts: CaseCounts): Generator<string> {
  const { policy } = report;
  yield `  <testsuite name="gate"${attributes(counts)}>\n`;
  for (const { name, how, message } of gateCases(report))
    yield `    <testcase classname="gate" name="${escapeXml(name)}"><${how} message="${escapeXml(message)}"/></testcase>\n`;
  yield `    <system-out>${gateLines(report).map(escapeXml).join('\n')}</system-out>\n`;
  const warnings = messagesIn(policy, 'warning').map(kindedLine);
  if (warnings.length > 0)
    yield `    <system-err>${warnings.map(escapeXml).join('\n')}</system-err>\n`;
  yield '  </testsuite>\n';
}

function gateLines(report: Report): readonly string[] {
  const sources = policySources(report);
  const { state, because } = report.gate;
  return [
    ...ownGates(report).map(
      ({ name, gate }) => `${answers[gate.state]} of ${name}: ${gate.because}`,
    ),
    `${answers[state]}: ${because}`,
    ...(sources === null ? [] : [`by ${sources}`]),
    ...waiversInUse(report).map(waiverInUseText),
    ...levelsInForce(report.policy).map(kindedLine),
    ...messagesIn(report.policy, 'notice').map(kindedLine),
  ];
}

/** `[waiver-ended] the waiver of pie at hullcheck.yaml:7 expired on 2026-11-15: 1 finding counts again`. */
function kindedLine({ kind, message }: Pick<PolicyMessage, 'kind' | 'message'>): string {
  return `[${kind}] ${message}`;
}

const answers = {
  holds: 'GATE HOLDS',
  broken: 'GATE BROKEN',
  undecided: 'GATE UNDECIDED',
} as const;
