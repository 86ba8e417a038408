import { judgedOf } from '../report/all-judged.ts';
import { countTarget, sumCounts } from '../report/counts.ts';
import { byItself } from '../report/finding.ts';
import type { JudgedVerdict, Report, TargetReport } from '../report/report.ts';
import { mapVerdicts } from './map-verdicts.ts';
import { createOutsideGate } from './outside-gate.ts';
import type { GateConditions } from './policy.ts';
import { bare } from './unweighed.ts';

/**
 * The report with the marks of whose files count as this gate says, in place of those of the gate that it was made with. What it was
 * compared with itself does not matter: the report of a release is the old one of the next.
 */
export function byThisGate(
  report: Report,
  gateFor: (target: TargetReport) => Pick<GateConditions, 'of' | 'accept'>,
): Report {
  const known = new Map<unknown, ReturnType<typeof createOutsideGate>>();
  const targets = report.targets.map((target) => {
    const gate = gateFor(target);
    const outside = known.get(gate) ?? createOutsideGate(gate);
    known.set(gate, outside);
    const { against, ...rest } = mapVerdicts(target, (verdict, subject) => {
      const own = byItself(verdict);
      const unmarked = withoutMark(own);
      const { outcome } = unmarked;
      // Nothing else can be outside of it.
      return outcome === 'fail' || outcome === 'unknown'
        ? outside(unmarked, bare(own), subject)
        : unmarked;
    });
    return against === undefined
      ? rest
      : { ...rest, counts: countTarget(judgedOf(rest), rest.problems.length) };
  });
  const { against, ...rest } = report;
  const counts =
    against === undefined ? {} : { counts: sumCounts(targets.map((each) => each.counts)) };
  return { ...rest, targets, ...counts };
}

/** What has none stays the same verdict. */
function withoutMark(verdict: JudgedVerdict): JudgedVerdict {
  if (verdict.outsideGate === undefined) return verdict;
  const { outsideGate, ...own } = verdict;
  return own;
}
