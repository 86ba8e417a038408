import type { JudgedVerdict, TargetReport } from '../report/report.ts';
import { compileChanges, compileLevels } from './levels.ts';
import { createOutsideGate } from './outside-gate.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';

/** What is in force for an image, compiled. */
export interface Force {
  readonly policy: Policy;
  readonly level: ReturnType<typeof compileLevels>;
  readonly outside: ReturnType<typeof createOutsideGate>;
  readonly isOff: (verdict: JudgedVerdict, subject: Subject) => boolean;
}

/** Compiles each policy once, however many images it is for. Throws UsageError for a selector that makes no sense. */
export function createForce(policy: Policy): (target: TargetReport) => Force {
  const force = forceOf(policy);
  return () => force;
}

function forceOf(policy: Policy): Force {
  // Few gates have a condition that needs it.
  let changeOf: ReturnType<typeof compileChanges> | null = null;
  return {
    policy,
    level: compileLevels(policy.levels, policy.gate),
    outside: createOutsideGate(policy.gate),
    isOff: (verdict, subject) => {
      changeOf ??= compileChanges(policy.levels);
      return changeOf(verdict, subject)?.level === 'off';
    },
  };
}
