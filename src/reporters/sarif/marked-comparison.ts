import { isSeverity } from '../../base/verdict.ts';
import type { JudgedVerdict, Report, Stands } from '../../report/report.ts';
import { worseEntryOf } from '../findings/worse-entries.ts';
import { lostText } from '../findings/worse-words.ts';
import type { SarifChange, SarifComparison, Worsening } from './sarif-comparison.ts';

/** Of a report whose verdicts say how they stand to an older release; null: it stands by itself. What is gone is not in it. */
export function comparisonIn(report: Report): SarifComparison | null {
  const { against, gate } = report;
  if (against === undefined) return null;
  return {
    changeOf: ({ verdict }) => ({
      state: stateOf(verdict.stands),
      worse: worseningOf(verdict, report),
    }),
    answer: { state: gate.state, because: gate.because },
    notes: [],
    old: null,
    oldTargetsOf: () => [],
    isGone: () => false,
  };
}

/** What was lost, with the old and the new figures, and what brings it back. Of what is new the result itself says all. */
function worseningOf(verdict: JudgedVerdict, report: Report): Worsening | null {
  const { stands, severity } = verdict;
  if (stands?.is !== 'worse') return null;
  const before =
    stands.passedIn === undefined
      ? `Before, it was ${stands.was ?? 'not known'}`
      : `It passed in ${stands.passedIn}, which is gone`;
  const lost = lostText(worseEntryOf(report, verdict));
  return { severity, before: [before, ...(lost === null ? [] : [lost])].join('. ') };
}

function stateOf(stands: Stands | undefined): SarifChange['state'] {
  if (stands === undefined) return 'new';
  if (stands.is === 'as before') return 'unchanged';
  return isSeverity(stands.was ?? null) ? 'updated' : 'new';
}
