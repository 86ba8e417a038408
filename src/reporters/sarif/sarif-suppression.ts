import type { Result } from 'sarif';
import { judgedOf } from '../../report/all-judged.ts';
import { byItself, isFinding } from '../../report/finding.ts';
import type { JudgedVerdict, TargetReport, Waived } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import type { RenderOptions } from '../reporter.ts';

/** `marked`: results show whether they are new. If nothing was compared, none may say so. */
export type BaselineUse = 'marked' | 'none';

export function baselineUse(
  targets: readonly TargetReport[],
  { suppressions }: Pick<RenderOptions, 'suppressions'>,
): BaselineUse {
  if (!suppressions) return 'none';
  const verdicts = targets.flatMap((target) => judgedOf(target).flatMap((one) => one.verdicts));
  return verdicts.some(({ baselined }) => baselined) ? 'marked' : 'none';
}

/** GitHub reads no mark and would open an alert for an accepted failure, so those are included only on request. */
export function isResult(
  { verdict }: Finding,
  { all, suppressions }: Pick<RenderOptions, 'all' | 'suppressions'>,
): boolean {
  if (verdict.outcome !== 'fail') return all;
  return (suppressions && verdict.countedWith === undefined) || isFinding(byItself(verdict));
}

/** The spec's result.suppressions (3.27.23) and result.baselineState (3.27.24). */
export function marksOf(
  { outcome, waived, baselined }: JudgedVerdict,
  baseline: BaselineUse,
): Pick<Result, 'suppressions' | 'baselineState'> {
  return {
    ...(waived === undefined ? {} : { suppressions: [suppression(waived)] }),
    ...(outcome === 'fail' && baseline === 'marked'
      ? { baselineState: baselined ? ('unchanged' as const) : ('new' as const) }
      : {}),
  };
}

function suppression({ reason, expires, ...people }: Waived) {
  const properties = { ...(expires === null ? {} : { expires }), ...people };
  return {
    kind: 'external' as const,
    status: 'accepted' as const,
    justification: reason,
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  };
}
