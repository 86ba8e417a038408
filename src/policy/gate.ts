import { amount } from '../amount.ts';
import { isIncomplete } from '../problem.ts';
import type { Gate, TargetReport } from '../report.ts';
import { type Severity, severitiesFrom } from '../verdict.ts';

/**
 * What the run means for a pipeline. A gate over a target that was not scanned whole has no answer, whatever was
 * found in the rest; its sentence then names the findings too.
 */
export function gateOf(targets: readonly TargetReport[], failOn: Severity | 'none'): Gate {
  const findings = describeFindings(targets, failOn);
  const gaps = describeGaps(targets);
  if (gaps !== null) {
    const because = findings === null ? gaps : `${gaps}; there are already ${findings}`;
    return { failOn, state: 'open', because };
  }
  if (findings !== null) return { failOn, state: 'broken', because: findings };
  return { failOn, state: 'holds', because: describePeace(targets, failOn) };
}

function describeFindings(
  targets: readonly TargetReport[],
  failOn: Severity | 'none',
): string | null {
  const gated = severitiesFrom(failOn);
  const perBinary = targets
    .flatMap((target) => target.binaries)
    .map(
      ({ verdicts }) =>
        verdicts.filter(({ outcome, severity }) => outcome === 'fail' && gated.includes(severity))
          .length,
    );
  const findings = perBinary.reduce((sum, count) => sum + count, 0);
  if (findings === 0) return null;
  const affected = perBinary.filter((count) => count > 0).length;
  return `${amount(findings, 'finding')} ${scope(failOn)} in ${affected} of ${amount(perBinary.length, 'binary')}`;
}

function describeGaps(targets: readonly TargetReport[]): string | null {
  if (targets.length === 0) return 'nothing was given to scan';
  const unread = targets.flatMap((target) => target.problems).filter(isIncomplete).length;
  if (unread > 0) return `${amount(unread, 'part')} could not be scanned`;
  const empty = targets.filter((target) => target.binaries.length === 0).length;
  if (empty === 0) return null;
  return targets.length === 1
    ? 'there is no ELF file to scan'
    : `${empty} of ${targets.length} targets hold no ELF file to scan`;
}

function describePeace(targets: readonly TargetReport[], failOn: Severity | 'none'): string {
  const binaries = targets.reduce((sum, target) => sum + target.binaries.length, 0);
  if (failOn === 'none')
    return `${amount(binaries, 'binary')} judged; no severity is set to break the gate`;
  return `no finding ${scope(failOn)} in ${amount(binaries, 'binary')}`;
}

function scope(failOn: Severity | 'none'): string {
  return failOn === 'critical' ? 'of severity critical' : `of severity ${failOn} or above`;
}
