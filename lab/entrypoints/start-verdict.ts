import type { Verdict } from '../../src/base/verdict.ts';
import { plainScan } from '../plain-scan.ts';

/** What the rule `entrypoint-starts` says of the only image of a layout. */
export async function startVerdict(layout: string): Promise<Verdict> {
  const report = await plainScan(`oci-dir:${layout}`, { only: ['entrypoint-starts'] });
  const [verdict] = report.targets[0]?.image?.verdicts ?? [];
  if (verdict === undefined) throw new Error('the report has no verdict on the image');
  return verdict;
}
