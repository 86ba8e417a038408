import { gatedSeverities } from '../policy/gate.ts';
import { isIncomplete } from '../problem.ts';
import type { BinaryReport, JudgedVerdict, Report, TargetReport } from '../report.ts';
import { type Severity, severities } from '../verdict.ts';
import { escapeText } from './escape.ts';
import { bySeverity } from './findings.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { amount, hang } from './text-layout.ts';
import { type Style, styleOf } from './text-style.ts';
import { renderSummary } from './text-summary.ts';

/** For a person at a terminal: what to act on by binary, then what matters most, and on the last line the gate. */
const text: Reporter = {
  format: 'text',
  summary: 'for people: findings by binary, a summary, and the gate on the last line',
  *render(report, options) {
    const style = styleOf(options.color);
    const page: Page = { ...options, style, shown: shownSeverities(report, options) };
    for (const target of report.targets) yield* renderTarget(target, page);
    yield* renderSummary(report, page);
  },
};
export default text;

/** Options of one rendering, with its colours and what it leaves out. */
export interface Page extends RenderOptions {
  readonly style: Style;
  /** Failures of these severities are shown. */
  readonly shown: readonly Severity[];
}

/** Low findings and notes are for `--all`, unless they can break this gate. */
function shownSeverities(report: Report, options: RenderOptions): readonly Severity[] {
  if (options.all) return severities;
  const gated = gatedSeverities(report.gate.failOn);
  return severities.filter(
    (severity) => gated.includes(severity) || (severity !== 'low' && severity !== 'note'),
  );
}

function* renderTarget(target: TargetReport, page: Page): Generator<string> {
  yield `${headline(target, page)}\n`;
  yield `${page.style.dim(subline(target))}\n\n`;
  for (const binary of target.binaries) {
    const verdicts = bySeverity(binary.verdicts).filter((verdict) => isShown(verdict, page));
    if (verdicts.length === 0) continue;
    yield `${page.style.bold(escapeText(binary.path))}${page.style.dim(aside(binary))}\n`;
    for (const verdict of verdicts) yield renderVerdict(verdict, page);
    yield '\n';
  }
  yield* renderProblems(target, page);
}

function headline({ name, platform, os }: TargetReport, { style }: Page): string {
  const rest = [platform, os?.prettyName].filter(
    (part) => part !== null && part !== undefined && part !== '',
  );
  return [style.bold(escapeText(name)), ...rest.map((part) => escapeText(part ?? ''))].join('  ');
}

function subline({ scheme, kind, layers, binaries, digest }: TargetReport): string {
  const parts = [
    scheme,
    ...(kind === 'image' ? [amount(layers.length, 'layer')] : []),
    amount(binaries.length, 'binary'),
  ];
  return escapeText([...parts, ...(digest === null ? [] : [digest])].join(', '));
}

function aside({ aliases }: BinaryReport): string {
  return aliases.length === 0
    ? ''
    : `  (${amount(aliases.length, 'alias').replace(/aliass$/, 'aliases')})`;
}

function isShown({ outcome, severity }: JudgedVerdict, page: Page): boolean {
  return page.all || (outcome === 'fail' && page.shown.includes(severity));
}

function renderVerdict(verdict: JudgedVerdict, { style, width, all }: Page): string {
  const { outcome, severity, rule, message, evidence } = verdict;
  const label = (
    outcome === 'fail' ? severity : outcome === 'not-applicable' ? 'n/a' : outcome
  ).padEnd(8);
  const lines = hang(`  ${label}  `, escapeText(`${rule}: ${message}`), width).replace(
    `  ${label}`,
    () => {
      const painted =
        outcome === 'fail' ? style.severity(severity, label) : style.outcome(outcome, label);
      return `  ${painted}`;
    },
  );
  if (!all) return lines;
  const seen = evidence.map(({ what, saw, offset }) => {
    const place = offset === undefined ? '' : ` at offset 0x${offset.toString(16)}`;
    return style.dim(hang(' '.repeat(14), escapeText(`${what}: ${saw}${place}`), width).trimEnd());
  });
  return `${[lines.trimEnd(), ...seen].join('\n')}\n`;
}

/** Notices leave the result whole, so they are for `--all`. */
function* renderProblems({ problems }: TargetReport, page: Page): Generator<string> {
  const listed = page.all ? problems : problems.filter(isIncomplete).slice(0, 20);
  const left = problems.length - listed.length;
  if (listed.length > 0) yield `${page.style.bold('Not scanned, or not as it stands')}\n`;
  for (const { kind, where, message } of listed) {
    yield hang(`  ${kind.padEnd(8)}  `, escapeText(`${where}: ${message}`), page.width);
  }
  if (left > 0) yield page.style.dim(`  ${amount(left, 'more notice')} with --all`).concat('\n');
  if (problems.length > 0) yield '\n';
}
