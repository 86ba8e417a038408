import type { JudgedVerdict, TargetPolicy, TargetReport } from '../report/report.ts';
import { createImagePolicies, type ImagePolicy } from './image-policies.ts';
import { compileChanges, compileLevels } from './levels.ts';
import { createOutsideGate } from './outside-gate.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';

/** What is in force for an image, compiled. */
export interface Force {
  readonly policy: Policy;
  /** null: nothing is set for the image by its name. */
  readonly own: TargetPolicy | null;
  readonly level: ReturnType<typeof compileLevels>;
  readonly outside: ReturnType<typeof createOutsideGate>;
  readonly isOff: (verdict: JudgedVerdict, subject: Subject) => boolean;
}

/** Compiles each policy once, however many images it is for. Throws UsageError for a selector that makes no sense. */
export function createForce(policy: Policy): (target: TargetReport) => Force {
  const policyFor = createImagePolicies(policy);
  const known = new Map<ImagePolicy, Force>();
  return (target) => {
    const found = policyFor(target);
    const force = known.get(found) ?? forceOf(found);
    known.set(found, force);
    return force;
  };
}

function forceOf({ policy, own }: ImagePolicy): Force {
  // Few gates have a condition that needs it.
  let changeOf: ReturnType<typeof compileChanges> | null = null;
  return {
    policy,
    own,
    level: compileLevels(policy.levels, policy.gate),
    outside: createOutsideGate(policy.gate),
    isOff: (verdict, subject) => {
      changeOf ??= compileChanges(policy.levels);
      return changeOf(verdict, subject)?.level === 'off';
    },
  };
}
