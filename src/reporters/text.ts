import { amount } from '../base/amount.ts';
import { escapeText } from '../base/escape.ts';
import { distinguishTargets } from '../report/distinguish-targets.ts';
import { gateOfTarget } from '../report/gates.ts';
import type { Report, TargetReport } from '../report/report.ts';
import { againstText } from './findings/older-release.ts';
import type { Reporter } from './reporter.ts';
import { renderByLayer } from './text/text-by-layer.ts';
import { renderByRule } from './text/text-by-rule.ts';
import { explainGate } from './text/text-gate.ts';
import { answerLine, renderHeadline } from './text/text-headline.ts';
import { hang } from './text/text-layout.ts';
import { isOfPackages, renderPackages } from './text/text-packages.ts';
import { type Page, pageOf } from './text/text-page.ts';
import { renderNotices } from './text/text-problems.ts';
import { renderSections } from './text/text-sections.ts';
import { renderEnd } from './text/text-summary.ts';
import { renderWorse } from './text/text-worse.ts';

/** For a person at a terminal: the gate, what is theirs to fix and how, the rest by who made it, and the gate once more. */
const text: Reporter = {
  format: 'text',
  summary: 'for people: the gate, your files with their fixes, and the rest by owner',
  *render(report, options) {
    const page = pageOf(report, options);
    if (options.explainGate) {
      yield* explainGate(report, page);
      return;
    }
    yield `${answerLine(report, page)}\n`;
    const against = againstText(report);
    if (against !== null) yield hang('', escapeText(against), page.width);
    if (against !== null) yield '\n';
    yield* renderWorse(report, page);
    yield* renderTargets(report, page);
    yield* renderEnd(report, page);
  },
};
export default text;

/** Of many targets those that are well are counted. */
const mostWell = 5;

function* renderTargets(report: Report, page: Page): Generator<string> {
  const apart = distinguishTargets(report.targets);
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
  const one: Report = { ...report, targets: [target], gate: gateOfTarget(target, report) };
  const own = pageOf(one, page);
  if (page.groupBy === 'rule') yield* renderByRule(one, own);
  else if (page.groupBy === 'layer') yield* renderByLayer(one, own);
  else yield* renderSections(one, own);
  yield* renderNotices(target, page);
}
