import type { Report, TargetReport } from '../report/report.ts';
import { mapVerdicts } from './map-verdicts.ts';
import { createOutsideGate } from './outside-gate.ts';
import type { GateConditions } from './policy.ts';
import { bare } from './unweighed.ts';

/** The report with the marks of whose files count as this gate says, in place of those of the gate that it was made with. */
export function ownersOf(
  report: Report,
  gateFor: (target: TargetReport) => Pick<GateConditions, 'of' | 'accept'>,
): Report {
  const known = new Map<unknown, ReturnType<typeof createOutsideGate>>();
  const targets = report.targets.map((target) => {
    const gate = gateFor(target);
    const outside = known.get(gate) ?? createOutsideGate(gate);
    known.set(gate, outside);
    return mapVerdicts(target, (verdict, subject) => {
      const { outsideGate, ...unmarked } = verdict;
      return outside(unmarked, bare(verdict), subject);
    });
  });
  return { ...report, targets };
}
