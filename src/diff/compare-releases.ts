import { declareAgain } from '../policy/declared-again.ts';
import { fallenBelow } from '../policy/fallen.ts';
import { createImagePolicies } from '../policy/image-policies.ts';
import { platformsGap } from '../policy/other-platforms.ts';
import { ownersOf } from '../policy/owners-again.ts';
import type { Policy } from '../policy/policy.ts';
import { breaksAsWorse } from '../policy/worse.ts';
import type { Report } from '../report/report.ts';
import { compareReports } from './compare-reports.ts';
import { diffGateOf } from './diff-gate.ts';
import type { Compared } from './formats/diff-format.ts';
import { pairTargets } from './pair-targets.ts';
import { type RulesOfRun, unaskedOf } from './unasked.ts';

/**
 * What `diff` and `scan --against` answer: one function, so that the two cannot differ. Whose files count and what breaks is of the
 * policy of this run, whatever a saved report was made with. Throws UsageError as `declareAgain` does.
 */
export function compareReleases(
  sides: readonly [Report, Report],
  policy: Policy,
  rules: RulesOfRun,
): Compared {
  const policyFor = createImagePolicies(policy);
  const gateFor = (target: Report['targets'][number]) => policyFor(target).policy.gate;
  const { reports: declared, notices, alongside } = declareAgain(sides, policy);
  const reports = [ownersOf(declared[0], gateFor), ownersOf(declared[1], gateFor)] as const;
  const [before, after] = reports;
  const unasked = unaskedOf(reports, policy.gate, rules);
  const conditionsOf = (image = 0) => {
    const target = after.targets[image];
    return target === undefined ? policy.gate : gateFor(target);
  };
  const difference = compareReports(before, after, [...notices, ...unasked.notices], (change) =>
    breaksAsWorse(conditionsOf(change.image), change),
  );
  const fell = pairTargets(before.targets, after.targets).flatMap(({ old, new: fresh }) =>
    old === undefined || fresh === undefined ? [] : fallenBelow([old], [fresh], gateFor(fresh)),
  );
  const gate = diffGateOf(difference, policy.gate, {
    alongside,
    uncompared: [
      ...unasked.uncompared,
      ...platformsLeftOut(after, gateFor),
      ...doubtfulNames(after, policyFor),
    ],
    fell,
    conditionsOf,
  });
  return { difference, gate, reports };
}

/** Where a policy requires every platform, what was not judged may have got worse. */
function platformsLeftOut(
  { targets }: Report,
  gateFor: (target: Report['targets'][number]) => Policy['gate'],
): readonly string[] {
  const gaps = targets.flatMap((target) => platformsGap([target], gateFor(target)) ?? []);
  return [...new Set(gaps)];
}

/** Where stricter settings may be meant, nobody knows by which it would be worse. A scan by this policy has it as a problem. */
function doubtfulNames(
  { targets }: Report,
  policyFor: ReturnType<typeof createImagePolicies>,
): readonly string[] {
  return targets
    .filter((target) => policyFor(target).doubt !== null)
    .filter(({ problems }) => !problems.some(({ kind }) => kind === 'unnamed'))
    .map(
      ({ name }) =>
        `only its maker says the name ${name}, and stricter settings may be meant for it`,
    );
}
