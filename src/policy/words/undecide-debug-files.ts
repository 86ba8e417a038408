import { weighSeverity } from '../../judge/weigh-severity.ts';
import type { BinaryReport, JudgedVerdict, TargetReport } from '../../report/report.ts';

/**
 * Where the policy does not accept them, separate debug files decide nothing, failures included: a failure may weigh less than what
 * is undecided. What the verdict was stays in the report (`rememberUnweighed`), so that another policy can accept it.
 */
export function undecideDebugFiles(target: TargetReport): TargetReport {
  const isDecided = ({ decidedBy }: JudgedVerdict) => decidedBy !== undefined;
  if (!target.binaries.some(({ verdicts }) => verdicts.some(isDecided))) return target;
  return { ...target, binaries: target.binaries.map(undecided) };
}

function undecided(binary: BinaryReport): BinaryReport {
  const verdicts = binary.verdicts.map((verdict): JudgedVerdict => {
    const { decidedBy } = verdict;
    if (decidedBy === undefined) return verdict;
    const message = `${decidedBy.otherwise}; the policy does not accept what a separate debug file says of it (accept: debug-files)`;
    // A failure was weighed when it was judged.
    const severity =
      verdict.outcome === 'fail' ? verdict.severity : weighSeverity(verdict.severity, binary.facts);
    return { ...verdict, outcome: 'unknown', severity, message };
  });
  return { ...binary, verdicts };
}
