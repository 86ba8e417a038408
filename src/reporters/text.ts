import { amount } from '../amount.ts';
import { breaksGate, isFinding } from '../finding.ts';
import { isBinary, judgedOf } from '../judged.ts';
import type { Gate, Judged, JudgedVerdict, Report, TargetReport } from '../report.ts';
import { type Severity, severities, severitiesFrom } from '../verdict.ts';
import { choiceOf } from './apart.ts';
import { escapeText } from './escape.ts';
import { bySeverity } from './findings.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { listedTarget, renderAsPackaged } from './text-as-packaged.ts';
import { hang } from './text-layout.ts';
import { placementLine } from './text-placement.ts';
import { renderNotices } from './text-problems.ts';
import { type Style, styleOf } from './text-style.ts';
import { renderSummary } from './text-summary.ts';
import { renderVerdict } from './text-verdict.ts';

/** For a person at a terminal: what to act on by binary, then what matters most, and on the last line the gate. */
const text: Reporter = {
  format: 'text',
  summary: 'for people: findings by binary, a summary, and the gate on the last line',
  *render(report, options) {
    const style = styleOf(options.color);
    const { gate } = report;
    const shown = shownSeverities(report, options);
    const page: Page = { ...options, style, gate, shown };
    for (const target of report.targets) yield* renderTarget(target, page);
    yield* renderSummary(report, page);
  },
};
export default text;

/** Options of one rendering, with its colours and what it leaves out. */
export interface Page extends RenderOptions {
  readonly style: Style;
  readonly gate: Gate;
  /** Findings of these severities are shown. */
  readonly shown: readonly Severity[];
}

/** Low findings and notes are for `--all`, unless they can break this gate. */
function shownSeverities(report: Report, { all }: RenderOptions): readonly Severity[] {
  const gated = severitiesFrom(report.gate.failOn);
  return severities.filter(
    (severity) => all || gated.includes(severity) || (severity !== 'low' && severity !== 'note'),
  );
}

function* renderTarget(target: TargetReport, page: Page): Generator<string> {
  const { style } = page;
  const [title = '', ...about] = headline(target);
  yield `${[style.bold(title), ...about].join('  ')}\n${style.dim(subline(target))}\n`;
  const choice = choiceOf(target);
  if (choice !== null) yield hang('', escapeText(choice), page.width);
  yield '\n';
  for (const judged of judgedOf(listedTarget(target, page))) {
    const verdicts = bySeverity(judged.verdicts).filter((verdict) => isShown(verdict, page));
    if (verdicts.length === 0) continue;
    yield `${style.bold(escapeText(judged.path))}${isBinary(judged) ? '' : ' (the start of the image)'}\n`;
    yield* renderAliases(judged, page);
    const placement = escapeText(placementLine(judged, target));
    if (placement !== '') yield `${style.dim(hang('  ', placement, page.width).trimEnd())}\n`;
    for (const verdict of verdicts) yield renderVerdict(verdict, { ...page, evidence: page.all });
    yield '\n';
  }
  yield* renderAsPackaged(target, page);
  yield* renderNotices(target, page);
}

function headline({ name, platform, os }: TargetReport): readonly string[] {
  return [name, platform ?? '', os?.prettyName ?? ''].filter((part) => part !== '').map(escapeText);
}

function subline({ scheme, kind, layers, binaries, digest, image }: TargetReport): string {
  const parts = [scheme];
  if (kind === 'image') parts.push(layersPart(layers));
  parts.push(amount(binaries.length, 'binary'));
  if (image !== undefined) parts.push(...startPart(image));
  if (digest !== null) parts.push(digest.slice(0, 'sha256:'.length + 12));
  return escapeText(parts.join(', '));
}

/** The answer that is no finding; a start that fails is listed with its reason. */
function startPart({ path, verdicts }: NonNullable<TargetReport['image']>): readonly string[] {
  const outcome = verdicts.find(({ rule }) => rule === 'entrypoint-starts')?.outcome;
  if (outcome === 'pass') return [`starts ${path}`];
  if (outcome === 'unknown') return ['start undecided'];
  return outcome === 'not-applicable' ? ['start not judged'] : [];
}

/** How the end of the base image is known is said where it is used. */
function layersPart(layers: TargetReport['layers']): string {
  const base = layers.filter(({ origin }) => origin === 'base').length;
  const known = base > 0 ? ` (${base} of the base image, by a CMD in the history)` : '';
  return `${amount(layers.length, 'layer')}${known}`;
}

function* renderAliases({ aliases }: Judged, { style, width }: Page): Generator<string> {
  if (aliases.length === 0) return;
  const more = aliases.length > 2 ? ` and ${amount(aliases.length - 2, 'more name')}` : '';
  const names = escapeText(`${aliases.slice(0, 2).join(', ')}${more}`);
  yield style.dim(hang('  also ', names, width).trimEnd()).concat('\n');
}

function isShown(verdict: JudgedVerdict, page: Page): boolean {
  return (
    page.all ||
    breaksGate(page.gate, verdict) ||
    (isFinding(verdict) && page.shown.includes(verdict.severity))
  );
}
