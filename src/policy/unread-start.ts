import { amount } from '../base/amount.ts';
import type { Problem } from '../base/problem.ts';
import type { Judged, JudgedVerdict, TargetReport } from '../report/report.ts';
import { createSevereDeviation, howReached } from './outside-gate.ts';
import type { GateConditions } from './policy.ts';
import { factAt, subjectsOf } from './subject.ts';
import { countsInGate } from './undecided.ts';

/**
 * Where the start of an image was not read whole, it may lead to files of others that do not count as long as nothing leads to them. Those
 * that would break the gate leave it without an answer; where there are none, what was not read changes nothing.
 */
export function unreadStart(target: TargetReport, gate: GateConditions): readonly Problem[] {
  const isSevere = createSevereDeviation();
  const perhaps = subjectsOf(target).filter(({ judged }) => isOfUnread(judged));
  const rules = new Set<string>();
  const paths: string[] = [];
  for (const subject of perhaps) {
    const found = subject.judged.verdicts.filter((verdict) => {
      const inside = unlessOutside(verdict);
      return inside !== null && countsInGate(gate, inside) && isSevere(inside, subject);
    });
    for (const { rule } of found) rules.add(rule);
    if (found.length > 0) paths.push(subject.judged.path);
  }
  const [first] = paths;
  if (first === undefined) return [];
  const by = String(factAt(perhaps[0]?.judged ?? { facts: {} }, 'exposure.reached.by'));
  const more = paths.length > 1 ? ` and ${amount(paths.length - 1, 'more file')}` : '';
  return [
    {
      kind: 'limit',
      where: by,
      message: `what the image starts is not read whole, and ${[...rules].toSorted().join(', ')} of ${first}${more}, which others made, would count if it leads there`,
      rules: [...rules].toSorted(),
    },
  ];
}

function isOfUnread(judged: Judged): boolean {
  return howReached(judged) === 'unread' && factAt(judged, 'ownership.isDeclared') !== true;
}

/** As if its file were reached; null where something else takes the verdict out of the gate. */
function unlessOutside(verdict: JudgedVerdict): JudgedVerdict | null {
  const { outsideGate, ...inside } = verdict;
  if (outsideGate === undefined || verdict.setAside !== undefined) return null;
  return verdict.waived === undefined && verdict.baselined === undefined ? inside : null;
}
