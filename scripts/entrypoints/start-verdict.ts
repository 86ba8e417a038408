import { defaultLimits, rules, scan } from '../../src/index.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Verdict } from '../../src/verdict.ts';

const entrypointStarts = rules.filter(({ id }) => id === 'entrypoint-starts');

/** What the rule `entrypoint-starts` says of the only image of a layout. */
export async function startVerdict(layout: string): Promise<Verdict> {
  const report = await scan([`oci-dir:${layout}`], {
    rules: entrypointStarts,
    exclude: [],
    platform: null,
    limits: defaultLimits,
    jobs: 1,
    policy: plainPolicy(),
    onProgress: () => {},
  });
  const [verdict] = report.targets[0]?.image?.verdicts ?? [];
  if (verdict === undefined) throw new Error('the report has no verdict on the image');
  return verdict;
}
