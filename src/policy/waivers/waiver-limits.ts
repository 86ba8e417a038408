import { daysBetween } from '../../base/day.ts';
import type { WaiverConfig, WaiverLimits } from '../config/config.ts';
import { lineText } from '../config/config-node.ts';
import type { Placed } from '../config/node-shapes.ts';
import { breadthLacks } from './waiver-breadth.ts';

/** What a waiver lacks, with the place of each limit; null: it is within all of them. */
export function waiverRefusedBy(
  waiver: WaiverConfig,
  limits: readonly Placed<WaiverLimits>[],
  today: string,
): string | null {
  return lacksText(limits, (value) => lacksOf(waiver, value, today));
}

/** What is lacking by each of the limits, as the end of a sentence with their places; null: nothing is. */
export function lacksText<Limits>(
  limits: readonly Placed<Limits>[],
  lacksBy: (value: Limits) => readonly string[],
): string | null {
  const parts = limits.flatMap(({ at, value }) => {
    const lacks = lacksBy(value);
    return lacks.length === 0 ? [] : [`${lacks.join('; ')} (limits at ${lineText(at)})`];
  });
  return parts.length === 0 ? null : parts.join('; ');
}

/** What a waiver lacks, as parts of a sentence. Empty: it is within the limits. */
function lacksOf(waiver: WaiverConfig, limits: WaiverLimits, today: string): readonly string[] {
  const { owner, ticket, 'approved-by': approvers = [] } = waiver;
  const approving = limits['approved-by'];
  const people = Array.isArray(approving) ? approving : [];
  return [
    ...endLacks(waiver, limits, today),
    ...(limits.owner === 'required' && owner === undefined ? ['it has no owner'] : []),
    ...(limits.ticket === 'required' && ticket === undefined ? ['it has no ticket'] : []),
    ...(approving === 'required' && approvers.length === 0 ? ['nobody approved it'] : []),
    ...(Array.isArray(approving) && !approvers.some((name) => people.includes(name))
      ? [`none of ${people.join(', ') || 'nobody'} approved it`]
      : []),
    ...breadthLacks(waiver, limits.select),
  ];
}

/** Nobody can make a waiver longer by the day that it says it was made on: a day to come counts as today. */
export function endLacks(
  { created, expires }: Pick<WaiverConfig, 'created' | 'expires'>,
  { expires: ends, 'at-most': most }: Pick<WaiverLimits, 'expires' | 'at-most'>,
  today: string,
): readonly string[] {
  if (expires === undefined)
    return ends === undefined && most === undefined ? [] : ['it has no end'];
  if (most === undefined) return [];
  const made = created !== undefined && created < today ? created : today;
  const days = daysBetween(made, expires);
  const from = made === created ? `was made on ${made}` : 'counts from today';
  return days > daysOf(most)
    ? [`it ends on ${expires} and ${from}: ${days} days, at most ${daysOf(most)}`]
    : [];
}

/** `180d`, as the shape has seen to. */
function daysOf(text: string): number {
  return Number.parseInt(text, 10);
}
