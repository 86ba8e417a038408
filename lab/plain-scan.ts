import type { LayerCache } from '../src/cache/layer-cache.ts';
import { plainInput, rules, scan } from '../src/index.ts';
import { plainPolicy } from '../src/policy/policy.ts';
import type { Report } from '../src/report/report.ts';

export interface PlainScanOptions {
  /** Ids of rules; absent: all. */
  readonly only?: readonly string[];
  readonly jobs?: number;
  readonly cache?: LayerCache;
}

/** One input by the rules as they are, without any policy: what a suite holds against something else. */
export function plainScan(
  input: string,
  { only, jobs = 1, cache }: PlainScanOptions = {},
): Promise<Report> {
  const chosen = only === undefined ? rules : rules.filter(({ id }) => only.includes(id));
  return scan([input], {
    input: plainInput,
    judging: { rules: chosen, policy: plainPolicy() },
    running: { jobs, cache },
  });
}
