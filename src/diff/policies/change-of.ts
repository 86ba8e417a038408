import { severities } from '../../base/verdict.ts';
import type { JudgedVerdict } from '../../report/report.ts';
import type { ChangeKind } from './policy-difference.ts';

/** Whether the verdict breaks its gate, by each of the policies. */
export interface Breaking {
  readonly broke: boolean;
  readonly breaks: boolean;
}

/**
 * What another policy makes of one verdict; null: nothing that a person looks for. The binary is the same: all that differs is what
 * the policies say. undefined: the policy excludes the file.
 */
export function changeOf(
  was: JudgedVerdict,
  is: JudgedVerdict | undefined,
  { broke, breaks }: Breaking,
): ChangeKind | null {
  if (is === undefined) return mayFail(was) ? 'excluded' : null;
  if (!mayFail(was) && !mayFail(is)) return null;
  const turned = markedKind(was, is);
  if (turned !== null) return turned;
  const [before, after] = [was, is].map(({ severity }) => severities.indexOf(severity));
  if (before !== undefined && after !== undefined && before !== after)
    return after < before ? 'raised' : 'lowered';
  if (was.outsideGate !== is.outsideGate)
    return is.outsideGate === undefined ? 'inside the gate' : 'outside the gate';
  if (broke === breaks) return null;
  return breaks ? 'counts' : 'counts no more';
}

/** What is passed needs no policy to accept it. */
function mayFail({ outcome }: JudgedVerdict): boolean {
  return outcome === 'fail' || outcome === 'unknown';
}

function markedKind(was: JudgedVerdict, is: JudgedVerdict): ChangeKind | null {
  const kinds = [
    [isOff, 'switched off', 'required'],
    [(verdict: JudgedVerdict) => verdict.waived !== undefined, 'waived', 'waived no more'],
    [(verdict: JudgedVerdict) => verdict.baselined !== undefined, 'in the baseline', 'new again'],
  ] as const;
  for (const [isMarked, on, off] of kinds)
    if (isMarked(was) !== isMarked(is)) return isMarked(is) ? on : off;
  return null;
}

/** Of a verdict that could not be decided, too. */
function isOff({ outcome, unweighed }: JudgedVerdict): boolean {
  return outcome === 'not-applicable' && unweighed?.outcome !== undefined;
}
