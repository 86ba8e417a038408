import { amount } from '../base/amount.ts';
import { judgedOf } from '../report/all-judged.ts';
import { countTarget } from '../report/counts.ts';
import type { JudgedVerdict, Report } from '../report/report.ts';
import { isSame } from './same-json.ts';
import { wrongRules } from './wrong-rules.ts';

/** Where the verdicts of a report cannot be as hullcheck wrote them, as sentences: another policy starts from them. */
export function editedVerdicts(report: Report): readonly string[] {
  return [...wrongCounts(report), ...wrongRules(report), ...wrongUnweighed(report)];
}

function wrongCounts({ targets }: Report): readonly string[] {
  return targets
    .filter(
      (target) => !isSame(target.counts, countTarget(judgedOf(target), target.problems.length)),
    )
    .map(({ name }) => `the counts of ${name} are not those of its verdicts`);
}

function wrongUnweighed({ targets }: Report): readonly string[] {
  return targets.flatMap((target) => {
    const wrong = judgedOf(target)
      .flatMap(({ verdicts }) => verdicts)
      .filter((verdict) => !canBeOf(verdict)).length;
    return wrong === 0
      ? []
      : [
          `${amount(wrong, 'verdict')} of ${target.name} ${wrong === 1 ? 'was' : 'were'} another before the policy, which no policy changes so`,
        ];
  });
}

/** A policy switches off what fails or is unknown, and accepts no separate debug file or all of them; it turns nothing else. */
function canBeOf({ outcome, unweighed, decidedBy }: JudgedVerdict): boolean {
  const was = unweighed?.outcome;
  if (decidedBy !== undefined && (outcome === 'unknown' || outcome === 'not-applicable'))
    return true;
  return (
    was === undefined || (outcome === 'not-applicable' && (was === 'fail' || was === 'unknown'))
  );
}
