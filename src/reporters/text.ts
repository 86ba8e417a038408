import { amount } from '../amount.ts';
import { breaksGate, isFinding } from '../finding.ts';
import type { Gate, JudgedVerdict, Report, TargetReport } from '../report.ts';
import { type Severity, severities, severitiesFrom } from '../verdict.ts';
import { tellApart } from './apart.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { renderByLayer } from './text-by-layer.ts';
import { renderByRule } from './text-by-rule.ts';
import { explainGate } from './text-gate.ts';
import { answerLine, renderHeadline } from './text-headline.ts';
import { isOfPackages, renderPackages } from './text-packages.ts';
import { renderNotices } from './text-problems.ts';
import { renderSections } from './text-sections.ts';
import { type Style, styleOf } from './text-style.ts';
import { renderEnd } from './text-summary.ts';

/** For a person at a terminal: the gate, what is theirs to fix and how, the rest by who made it, and the gate once more. */
const text: Reporter = {
  format: 'text',
  summary: 'for people: the gate, what is yours to fix and how, and the rest by who made it',
  *render(report, options) {
    const page = pageOf(report, options);
    if (options.explainGate) {
      yield* explainGate(report, page);
      return;
    }
    yield `${answerLine(report, page)}\n`;
    yield* renderTargets(report, page);
    yield* renderEnd(report, page);
  },
};
export default text;

/** Options of one rendering, with its colours and what it leaves out. */
export interface Page extends RenderOptions {
  readonly style: Style;
  readonly gate: Gate;
  /** Findings of these severities are shown. */
  readonly shown: readonly Severity[];
  /** File by file, nothing put together and nothing cut. */
  readonly isWhole: boolean;
  readonly isListed: (verdict: JudgedVerdict) => boolean;
}

function pageOf(report: Report, options: RenderOptions): Page {
  const { gate } = report;
  const shown = shownSeverities(report, options);
  return {
    ...options,
    style: styleOf(options.color),
    gate,
    shown,
    isWhole: options.all || options.groupBy === 'file',
    isListed: (verdict) =>
      options.all ||
      breaksGate(gate, verdict) ||
      (isFinding(verdict) && shown.includes(verdict.severity)),
  };
}

/** Low findings and notes are for `--all`, unless they can break this gate. */
function shownSeverities({ gate }: Report, { all }: RenderOptions): readonly Severity[] {
  const gated = severitiesFrom(gate.failOn);
  return severities.filter(
    (severity) => all || gated.includes(severity) || (severity !== 'low' && severity !== 'note'),
  );
}

/** Of many targets those that are well are counted. */
const mostWell = 5;

function* renderTargets(report: Report, page: Page): Generator<string> {
  const apart = tellApart(report.targets);
  const bodies = report.targets.map(
    (target) => [target, [...renderTarget(report, target, page)].join('')] as const,
  );
  const well = bodies.filter(([, body]) => body === '').length;
  const inTable = isOfPackages(report);
  const isFolded = inTable || (!page.all && well > mostWell && well < bodies.length);
  let isFirst = !inTable;
  if (inTable) yield* renderPackages(report, page);
  for (const [target, body] of bodies) {
    if (isFolded && body === '') continue;
    if (!isFirst && body !== '') yield '\n';
    yield* renderHeadline(target, apart(target), page);
    yield body;
    isFirst = false;
  }
  if (inTable && well === bodies.length) yield '\n';
  if (isFolded && !inTable) yield `\n${amount(well, 'other target')} with nothing to list\n`;
}

function* renderTarget(report: Report, target: TargetReport, page: Page): Generator<string> {
  const one: Report = { ...report, targets: [target] };
  if (page.groupBy === 'rule') yield* renderByRule(one, page);
  else if (page.groupBy === 'layer') yield* renderByLayer(one, page);
  else yield* renderSections(one, page);
  yield* renderNotices(target, page);
}
