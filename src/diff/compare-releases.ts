import { declareAgain } from '../policy/declared-again.ts';
import { fallenBelow } from '../policy/fallen.ts';
import type { Policy } from '../policy/policy.ts';
import type { Report } from '../report/report.ts';
import { compareReports } from './compare-reports.ts';
import { diffGateOf } from './diff-gate.ts';
import type { Compared } from './formats/diff-format.ts';
import { pairTargets } from './pair-targets.ts';
import { type RulesOfRun, unaskedOf } from './unasked.ts';

/** What `diff` and `scan --against` answer: one function, so that the two cannot differ. Throws UsageError as `declareAgain` does. */
export function compareReleases(
  sides: readonly [Report, Report],
  policy: Policy,
  rules: RulesOfRun,
): Compared {
  const { reports, notices, alongside } = declareAgain(sides, policy);
  const [before, after] = reports;
  const unasked = unaskedOf(reports, policy.gate, rules);
  const difference = compareReports(before, after, [...notices, ...unasked.notices]);
  const fell = pairTargets(before.targets, after.targets).flatMap(({ old, new: fresh }) =>
    old === undefined || fresh === undefined ? [] : fallenBelow([old], [fresh], policy.gate),
  );
  const gate = diffGateOf(difference, policy.gate, {
    alongside,
    uncompared: unasked.uncompared,
    fell,
  });
  return { difference, gate, reports };
}
