import { amount } from '../base/amount.ts';
import { isIncomplete } from '../base/problem.ts';
import { applyPolicy } from '../policy/apply-policy.ts';
import { declareAgain } from '../policy/declared-again.ts';
import { createImagePolicies } from '../policy/image-policies.ts';
import { platformsGap } from '../policy/other-platforms.ts';
import { byThisGate } from '../policy/owners-again.ts';
import type { Policy } from '../policy/policy.ts';
import { idleIn } from '../policy/strict-policy.ts';
import { breaksAsWorse } from '../policy/worse.ts';
import type { Report, TargetReport } from '../report/report.ts';
import { changedOwners } from './changed-owners.ts';
import { compareReports } from './compare-reports.ts';
import { diffGateOf } from './diff-gate.ts';
import type { Compared } from './formats/diff-format.ts';
import { fallenIn, type LockedConditions, type Marked, markStandings } from './mark-standings.ts';
import { pairBinaries } from './pair-binaries.ts';
import { pairTargets } from './pair-targets.ts';
import { replacedLosses, unjudgedLibraries } from './replaced-files.ts';
import { type RulesOfRun, unaskedOf } from './unasked.ts';
import { unclearLosses } from './unclear-losses.ts';
import { unpairedOf } from './unpaired.ts';

/**
 * What `diff` and `scan --against` answer: one function, so that the two cannot differ. Whose files count and what breaks is of the
 * policy of this run, whatever a saved report was made with. Throws UsageError as `declareAgain` does.
 */
export function compareReleases(
  sides: readonly [Report, Report],
  policy: Policy,
  rules: RulesOfRun,
): Compared {
  const idle = idleIn(policy, () => applyPolicy(sides[1].targets, policy));
  return comparisonOf(sides, policy, rules, idle).compared;
}

/** The targets of the new side, marked for the gate of a scan that compares. */
export function releaseAgainst(
  sides: readonly [Report, Report],
  policy: Policy,
  more: { readonly rules: RulesOfRun; readonly locked: LockedConditions | null },
): { readonly compared: Compared } & Marked {
  // What the policy asks of its own entries is asked of the scan.
  const { compared, ...found } = comparisonOf(sides, policy, more.rules, []);
  return { compared, ...markStandings(compared, { ...found, locked: more.locked }) };
}

function comparisonOf(
  sides: readonly [Report, Report],
  policy: Policy,
  rules: RulesOfRun,
  idle: readonly string[],
) {
  const policyFor = createImagePolicies(policy);
  const gateFor = (target: TargetReport) => policyFor(target).policy.gate;
  const { reports: declared, notices, alongside } = declareAgain(sides, policy);
  const reports = [byThisGate(declared[0], gateFor), byThisGate(declared[1], gateFor)] as const;
  const [before, after] = reports;
  const unasked = unaskedOf(reports, policy.gate, rules);
  const conditionsOf = ({ target }: { readonly target: number }) => {
    const own = after.targets[target];
    return own === undefined ? policy.gate : gateFor(own);
  };
  const unpaired = unpairedOf(reports, gateFor);
  const { pairs } = pairBinaries(before, after);
  const messages = [
    ...notices,
    ...unasked.notices,
    ...unpaired.notices,
    ...unjudgedLibraries(after.targets),
    ...(policy.gate.of === 'all' ? [] : changedOwners(pairs)),
  ];
  const difference = compareReports(before, after, messages, (change) =>
    breaksAsWorse(conditionsOf(change), change),
  );
  const uncompared = [
    ...new Set([
      ...unasked.uncompared,
      ...unpaired.uncompared,
      ...platformsLeftOut(after, gateFor),
      ...doubtfulNames(after, policyFor),
    ]),
  ];
  const unclear = unclearIn(reports, gateFor);
  const gate = diffGateOf(difference, policy.gate, {
    alongside: [...alongside, ...unpaired.notices],
    uncompared,
    unclear,
    fell: [...fallenIn(before.targets, after.targets, gateFor), ...idle],
    conditionsOf,
  });
  const ofOld = before.targets.flatMap(({ problems }) => problems).filter(isIncomplete).length;
  const unread =
    ofOld === 0 ? [] : [`${amount(ofOld, 'part')} of the old one could not be scanned`];
  return {
    compared: { difference, gate, reports } satisfies Compared,
    gateFor,
    uncompared: [...unread, ...uncompared],
    unclear,
  };
}

function unclearIn(
  [before, after]: readonly [Report, Report],
  gateFor: (target: TargetReport) => Policy['gate'],
): readonly string[] {
  const targets = pairTargets(before.targets, after.targets);
  const oldOf = new Map(targets.map((pair) => [pair.new, pair.old]));
  const newOf = new Map(targets.map((pair) => [pair.old, pair.new]));
  const { pairs } = pairBinaries(before, after);
  return [
    ...unclearLosses(pairs, { oldOf: (target) => oldOf.get(target), conditionsOf: gateFor }),
    ...replacedLosses(pairs, { newOf: (target) => newOf.get(target), conditionsOf: gateFor }),
  ];
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
      ({ name, kind }) =>
        `stricter settings may be meant for ${name}, and ${kind === 'image' ? 'its name does not decide it' : 'only its content says that it is not an image'}`,
    );
}
