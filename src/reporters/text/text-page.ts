import { type Severity, severities, severitiesFrom } from '../../base/verdict.ts';
import { breaksGate, isFinding } from '../../report/finding.ts';
import { gateOfTarget } from '../../report/gates.ts';
import type { Gate, Report } from '../../report/report.ts';
import type { Wanted } from '../groups/groups-of.ts';
import type { RenderOptions } from '../reporter.ts';
import { type Style, styleOf } from './text-style.ts';

/** Options of one rendering, with its colours and what it leaves out. */
export interface Page extends RenderOptions {
  readonly style: Style;
  readonly gate: Gate;
  /** Findings of these severities are shown. */
  readonly shown: readonly Severity[];
  /** File by file, nothing put together and nothing cut. */
  readonly isWhole: boolean;
  readonly isListed: Wanted;
}

export function pageOf(report: Report, options: RenderOptions): Page {
  const { gate } = report;
  const shown = shownSeverities(report, options);
  return {
    ...options,
    style: styleOf(options.color),
    gate,
    shown,
    isWhole: options.all || options.groupBy === 'file',
    isListed: (verdict, target) =>
      options.all ||
      breaksGate(gateOfTarget(target, report), verdict) ||
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
