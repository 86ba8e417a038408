import { judgedOf } from './all-judged.ts';
import type { TargetReport, Waived } from './report.ts';

/** A waiver and what it accepts of a report. */
export interface WaiverMet {
  readonly waived: Waived;
  /** Sorted. */
  readonly rules: readonly string[];
  readonly findings: number;
  readonly unknown: number;
}

/** The waivers that verdicts name, by their key, in the order in which they are met: equal words at one place are one waiver. */
export function waiversMet(targets: readonly TargetReport[]): ReadonlyMap<string, WaiverMet> {
  const met = new Map<
    string,
    { waived: Waived; rules: Set<string>; findings: number; unknown: number }
  >();
  for (const { verdicts } of targets.flatMap(judgedOf))
    for (const { rule, outcome, waived } of verdicts) {
      if (waived === undefined) continue;
      const key = keyOfWaived(waived);
      const use = met.get(key) ?? { waived, rules: new Set(), findings: 0, unknown: 0 };
      met.set(key, use);
      use.rules.add(rule);
      if (outcome === 'unknown') use.unknown += 1;
      else use.findings += 1;
    }
  return new Map([...met].map(([key, use]) => [key, { ...use, rules: [...use.rules].toSorted() }]));
}

/** Verdicts of one waiver may share what they say of it. */
const keys = new WeakMap<Waived, string>();

export function keyOfWaived(waived: Waived): string {
  const before = keys.get(waived);
  if (before !== undefined) return before;
  const { reason, expires, owner, approvedBy, ticket, created, origin } = waived;
  const key = JSON.stringify([origin, reason, expires, owner, approvedBy, ticket, created]);
  keys.set(waived, key);
  return key;
}
