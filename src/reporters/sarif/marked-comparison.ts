import { isSeverity } from '../../base/verdict.ts';
import type { Beside, Report } from '../../report/report.ts';
import type { SarifChange, SarifComparison } from './sarif-comparison.ts';

/** Of a report whose verdicts say how they stand to an older release; null: it stands by itself. What is gone is not in it. */
export function comparisonIn({ against, gate }: Report): SarifComparison | null {
  if (against === undefined) return null;
  return {
    changeOf: ({ verdict: { beside, severity } }) => {
      const was = beside?.is === 'worse' ? (beside.was ?? 'not known') : null;
      return {
        state: stateOf(beside),
        worse: was === null ? null : { severity, before: `Before, it was ${was}` },
      };
    },
    answer: { state: gate.state, because: gate.because },
    notes: [],
    old: null,
    oldTargetsOf: () => [],
    isGone: () => false,
  };
}

function stateOf(beside: Beside | undefined): SarifChange['state'] {
  if (beside === undefined) return 'new';
  if (beside.is === 'as before') return 'unchanged';
  return isSeverity(beside.was ?? null) ? 'updated' : 'new';
}
