import { amount } from '../base/amount.ts';
import { type RequiredSystem, requiredParts } from '../base/required-system.ts';
import { isSame } from '../policy/same-json.ts';
import { factAt } from '../report/fact-at.ts';
import type { Report, TargetReport } from '../report/report.ts';
import { pairTargets } from './pair-targets.ts';

/** None of its parts, where no system was named. */
type System = RequiredSystem;

const rule = 'runs-on';

/** Sentences: the policies of the two sides named other systems for the same target, and `runs-on` judged each by its own. */
export function otherSystems(before: Report, after: Report): readonly string[] {
  if (![before, after].every(({ rules }) => rules?.includes(rule) ?? true)) return [];
  const found = pairTargets(before.targets, after.targets).flatMap((pair) => {
    if (pair.old === undefined || pair.new === undefined) return [];
    if (![pair.old, pair.new].every(({ binaries }) => binaries.length > 0)) return [];
    const [was, is] = [systemOf(pair.old), systemOf(pair.new)];
    return isSame(was, is) ? [] : [{ name: pair.new.name, text: differText(was, is) }];
  });
  const byText = new Map<string, string[]>();
  for (const { name, text } of found) byText.set(text, [...(byText.get(text) ?? []), name]);
  return [...byText].map(([text, names]) => {
    const of = names.length === 1 ? names[0] : amount(names.length, 'target');
    return `${rule} judged the two sides of ${of} by different systems: ${text}. Its verdicts may differ for that alone`;
  });
}

function differText(was: System, is: System): string {
  return `${systemText(was)} before, ${systemText(is)} now`;
}

function systemText(system: System): string {
  const parts = Object.entries(system).map(([part, value]) => `${part} ${value}`);
  return parts.length === 0 ? 'none' : parts.toSorted().join(', ');
}

/** That of all its files. A report of an older version names none. */
function systemOf({ binaries: [first] }: TargetReport): System {
  const parts = requiredParts.flatMap((part) => {
    const value = first === undefined ? null : factAt(first, `requiredSystem.${part}`);
    return typeof value === 'string' ? [[part, value] as const] : [];
  });
  return Object.fromEntries(parts);
}
