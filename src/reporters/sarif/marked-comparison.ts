import { isSeverity } from '../../base/verdict.ts';
import type { Report, Stands } from '../../report/report.ts';
import type { SarifChange, SarifComparison } from './sarif-comparison.ts';

/** Of a report whose verdicts say how they stand to an older release; null: it stands by itself. What is gone is not in it. */
export function comparisonIn({ against, gate }: Report): SarifComparison | null {
  if (against === undefined) return null;
  return {
    changeOf: ({ verdict: { stands, severity } }) => {
      const was = stands?.is === 'worse' ? (stands.was ?? 'not known') : null;
      return {
        state: stateOf(stands),
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

function stateOf(stands: Stands | undefined): SarifChange['state'] {
  if (stands === undefined) return 'new';
  if (stands.is === 'as before') return 'unchanged';
  return isSeverity(stands.was ?? null) ? 'updated' : 'new';
}
