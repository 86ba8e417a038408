import { ruleIds } from '../../rules/ids.ts';
import { compareReleases } from '../diff/compare-releases.ts';
import type { Compared } from '../diff/formats/diff-format.ts';
import { type Policy, plainPolicy } from '../policy/policy.ts';
import type { Report } from '../report/report.ts';

/**
 * What got worse, better, was added and removed between two reports, and whether that breaks the gate of the policy. `render` writes it. Throws
 * UsageError where a saved report lacks what the policy asks.
 */
export function diff(before: Report, after: Report, policy: Policy = plainPolicy()): Compared {
  return compareReleases(
    [before, after],
    { ...policy, baseline: null },
    { known: ruleIds, chosen: undefined },
  );
}
