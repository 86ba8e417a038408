import { UsageError } from '../../base/errors.ts';
import { isIncomplete } from '../../base/problem.ts';
import { applyPolicy } from '../../policy/apply-policy.ts';
import { writeBaseline } from '../../policy/baseline/baseline-file.ts';
import { type Acceptance, namedIn } from '../../policy/baseline/entry.ts';
import { refusedBy } from '../../policy/baseline/limits.ts';
import { updateOf } from '../../policy/baseline/update.ts';
import type { BaselineLimits } from '../../policy/config/config.ts';
import type { Placed } from '../../policy/config/node-shapes.ts';
import type { Report } from '../../report/report.ts';
import { assembleReport } from '../../scan/report-assembly.ts';
import { endDay } from '../options/end-day.ts';
import type { Settings } from '../settings/settings.ts';
import { baselineSummary } from './baseline-summary.ts';
import { writeOutputFile } from './output-file.ts';

/**
 * Throws UsageError when there is no file to update, and when nothing that is new in it would count. Called before the scan, so
 * that a mistake does not cost one.
 */
export function checkBaselineUpdate(
  { baselineFile, config }: Settings,
  accept: Omit<Acceptance, 'date'>,
  today: string,
): void {
  if (baselineFile === null) throw new UsageError('--update-baseline requires --baseline FILE');
  demandCounting(accept, {
    limits: config.baselineLimits ?? [],
    today,
    from: '--update-baseline: ',
  });
}

interface Counting {
  readonly limits: readonly Placed<BaselineLimits>[];
  readonly today: string;
  /** Begins the sentence. */
  readonly from?: string;
}

/** Throws UsageError when the policy in force would not count an entry that is made today. */
export function demandCounting(
  accept: Omit<Acceptance, 'date'>,
  { limits, today, from = '' }: Counting,
): void {
  const refused = refusedBy({ ...accept, date: today }, limits, today);
  if (refused !== null)
    throw new UsageError(
      `${from}a new entry would not count: ${refused}; --expires, --owner and --reason say it`,
    );
}

/** Lines of each list on standard error. */
export const shortSummary = 20;

/** Who accepts what is new in a baseline. */
export interface AcceptArguments {
  readonly owner: string | undefined;
  readonly reason: string | undefined;
  readonly expires: string | undefined;
}

/** Throws UsageError. */
export function acceptanceFrom(
  { owner, reason, expires }: AcceptArguments,
  today: string,
): Omit<Acceptance, 'date'> {
  for (const [name, value] of Object.entries({ owner, reason }))
    if (value?.trim() === '') throw new UsageError(`--${name} is blank`);
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(reason === undefined ? {} : { reason }),
    ...(expires === undefined ? {} : { expires: endDay(expires, today) }),
  };
}

interface Accepting {
  /** What entries that are new carry. */
  readonly accept: Omit<Acceptance, 'date'>;
  readonly say: (text: string) => Promise<void>;
}

/**
 * Writes the findings of this run to the baseline and judges the run by it. An incomplete run does not change the file:
 * it would drop findings that it did not see.
 */
export async function updateBaseline(
  report: Report,
  settings: Settings,
  { accept, say }: Accepting,
): Promise<Report> {
  const { baselineFile, policy, config } = settings;
  const isWhole = !report.targets.some(({ problems }) => problems.some(isIncomplete));
  if (baselineFile === null || !isWhole) return report;
  const update = updateOf(policy.baseline ?? [], report.targets, {
    namedRules: namedIn(report.gate),
    today: policy.today,
    accept,
  });
  const { baseline } = update;
  await writeOutputFile(baselineFile, writeBaseline(baseline));
  const look = { name: config.baseline ?? baselineFile, isDry: false, most: shortSummary };
  await say([...baselineSummary(update, look)].join(''));
  const judged = applyPolicy(report.targets, { ...policy, baseline });
  return assembleReport(judged, report.rules, report.tool.rules);
}
