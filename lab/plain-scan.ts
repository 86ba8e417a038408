import { basename } from 'node:path';
import type { RequiredSystem } from '../src/base/required-system.ts';
import type { LayerCache } from '../src/cache/layer-cache.ts';
import { plainInput, rules, scan } from '../src/index.ts';
import { plainPolicy } from '../src/policy/policy.ts';
import type { JudgedVerdict, Report } from '../src/report/report.ts';

export interface PlainScanOptions {
  /** Ids of rules; absent: all. */
  readonly only?: readonly string[];
  /** What programs have to run on; absent: nothing is asked of them. */
  readonly runsOn?: RequiredSystem | undefined;
  readonly jobs?: number;
  readonly cache?: LayerCache;
}

/** One input by the rules as they are, without any policy but `runsOn`: what a suite holds against something else. */
export function plainScan(
  input: string,
  { only, runsOn, jobs = 1, cache }: PlainScanOptions = {},
): Promise<Report> {
  const chosen = only === undefined ? rules : rules.filter(({ id }) => only.includes(id));
  const policy = runsOn === undefined ? plainPolicy() : { ...plainPolicy(), runsOn };
  return scan([input], {
    input: plainInput,
    judging: { rules: chosen, policy },
    running: { jobs, cache },
  });
}

/** What one rule says of each file, by the last part of each of its paths. */
export async function verdictsByName(
  input: string,
  rule: string,
  runsOn?: RequiredSystem,
): Promise<ReadonlyMap<string, JudgedVerdict>> {
  const { targets } = await plainScan(input, { only: [rule], runsOn });
  return new Map(
    targets.flatMap(({ binaries }) =>
      binaries.flatMap(({ path, aliases, verdicts: [verdict] }) =>
        verdict === undefined
          ? []
          : [path, ...aliases].map((each) => [basename(each), verdict] as const),
      ),
    ),
  );
}
