import type { JudgedVerdict, TargetPolicy, TargetReport } from '../report/report.ts';
import type { DoubtfulName } from './doubtful-name.ts';
import { createImagePolicies, type ImagePolicy } from './image-policies.ts';
import { compileChanges, compileLevels } from './levels.ts';
import { createOutsideGate } from './outside-gate.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';
import type { Trusting } from './words/trusting.ts';

/** What is in force for an image, compiled. */
export interface Force {
  readonly policy: Policy;
  /** null: nothing is set for the image by its name. */
  readonly own: TargetPolicy | null;
  readonly doubt: DoubtfulName | null;
  readonly level: ReturnType<typeof compileLevels>;
  readonly outside: ReturnType<typeof createOutsideGate>;
  readonly isOff: (verdict: JudgedVerdict, subject: Subject) => boolean;
}

/** Compiles each policy once, however many images it is for. Throws UsageError for a selector that makes no sense. */
export function createForce(policy: Policy, trusting: Trusting): (target: TargetReport) => Force {
  const policyFor = createImagePolicies(policy);
  const known = new Map<ImagePolicy, Force>();
  return (target) => {
    const found = policyFor(target);
    const force = known.get(found) ?? forceOf(found, trusting);
    known.set(found, force);
    return force;
  };
}

function forceOf({ policy, own, doubt }: ImagePolicy, trusting: Trusting): Force {
  const changesOf = compileChanges(policy.levels, trusting);
  return {
    ...{ policy, own, doubt },
    level: compileLevels(changesOf, policy.gate),
    outside: createOutsideGate(policy.gate),
    isOff: (verdict, subject) => {
      const { certain, doubtful } = changesOf.matching(verdict, subject);
      return [certain, ...doubtful].some((change) => change?.level === 'off');
    },
  };
}
