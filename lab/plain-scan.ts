import type { LayerCache } from '../src/cache/layer-cache.ts';
import { defaultLimits, rules, scan } from '../src/index.ts';
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
  return scan([input], {
    rules: only === undefined ? rules : rules.filter(({ id }) => only.includes(id)),
    exclude: [],
    platform: null,
    limits: defaultLimits,
    jobs,
    policy: plainPolicy(),
    cache,
    onProgress: () => {},
  });
}
