import { amount } from '../../base/amount.ts';
import type { Report, Waived } from '../../report/report.ts';
import { type WaiverMet, waiversMet } from '../../report/waivers-met.ts';

/** In the order of their places, and of their text where a report of an older version has no places. */
export function waiversInUse({ targets }: Pick<Report, 'targets'>): readonly WaiverMet[] {
  return [...waiversMet(targets).values()]
    .map((met) => [JSON.stringify([met.waived.origin ?? '', met.waived]), met] as const)
    .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([, met]) => met);
}

/** `3 findings of pie, relro waived until 2027-01-31 by hullcheck.yaml:12: REASON (owner: team-x)`. */
export function waiverInUseText({ waived, rules, findings, unknown }: WaiverMet): string {
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
