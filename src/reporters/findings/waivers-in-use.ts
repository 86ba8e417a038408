import { amount } from '../../base/amount.ts';
import { judgedOf } from '../../report/all-judged.ts';
import type { Report, Waived } from '../../report/report.ts';

/** A waiver and what it accepts in this run. */
export interface WaiverInUse {
  readonly waived: Waived;
  /** Sorted. */
  readonly rules: readonly string[];
  readonly findings: number;
  readonly unknown: number;
}

/** In the order of their places, and of their text where a report of an older version has no places. */
export function waiversInUse({ targets }: Pick<Report, 'targets'>): readonly WaiverInUse[] {
  const found = new Map<
    string,
    { waived: Waived; rules: Set<string>; findings: number; unknown: number }
  >();
  for (const { verdicts } of targets.flatMap(judgedOf))
    for (const { rule, outcome, waived } of verdicts) {
      if (waived === undefined) continue;
      const key = JSON.stringify([waived.origin ?? '', waived]);
      const use = found.get(key) ?? { waived, rules: new Set(), findings: 0, unknown: 0 };
      found.set(key, use);
      use.rules.add(rule);
      if (outcome === 'unknown') use.unknown += 1;
      else use.findings += 1;
    }
  return [...found]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([, use]) => ({ ...use, rules: [...use.rules].toSorted() }));
}

/** `3 findings of pie, relro waived until 2027-01-31 by hullcheck.yaml:12: REASON (owner: team-x)`. */
export function waiverInUseText({ waived, rules, findings, unknown }: WaiverInUse): string {
  const counts = [
    ...(findings > 0 ? [amount(findings, 'finding')] : []),
    ...(unknown > 0 ? [amount(unknown, 'unknown verdict')] : []),
  ].join(' and ');
  const by = waived.origin === undefined ? '' : ` by ${waived.origin}`;
  return `${counts} of ${rules.join(', ')} waived${untilText(waived)}${by}: ${reasonText(waived)}`;
}

/** ` until 2027-01-31`; '' without an end. */
export function untilText({ expires }: Waived): string {
  return expires === null ? '' : ` until ${expires}`;
}

/** The reason, and who stands behind it: `known (owner: team-x; approved by alice; SEC-9; made on 2026-11-30)`. */
export function reasonText(waived: Waived): string {
  const people = peopleText(waived);
  return people === null ? waived.reason : `${waived.reason} (${people})`;
}

function peopleText({ owner, approvedBy = [], ticket, created }: Waived): string | null {
  const parts = [
    ...(owner === undefined ? [] : [`owner: ${owner}`]),
    ...(approvedBy.length === 0 ? [] : [`approved by ${approvedBy.join(', ')}`]),
    ...(ticket === undefined ? [] : [ticket]),
    ...(created === undefined ? [] : [`made on ${created}`]),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}
