import { isBlank } from '../../base/blank.ts';
import type { BaselineLimits } from '../config/config.ts';
import type { Placed } from '../config/node-shapes.ts';
import { endLacks, lacksText } from '../waivers/waiver-limits.ts';
import type { Acceptance, BaselineEntry } from './entry.ts';

/** The entries, each with why it does not count where a configuration requires more of it. */
export function limitedEntries(
  entries: readonly BaselineEntry[],
  limits: readonly Placed<BaselineLimits>[],
  today: string,
): readonly BaselineEntry[] {
  if (limits.length === 0) return entries;
  return entries.map((entry) => {
    const refused = refusedBy(entry, limits, today, placeLacks);
    return refused === null ? entry : { ...entry, refused };
  });
}

/**
 * What the identity of an entry lacks. Without an image it is of any, whatever name the policy accepts; without a severity it would
 * accept the finding however much it weighs later.
 */
function placeLacks({ image, severity }: BaselineEntry, limits: BaselineLimits): readonly string[] {
  return [
    ...(limits.image === 'required' && isMissing(image) ? ['it is of no image'] : []),
    ...(severity === undefined ? ['it does not say what the finding weighed'] : []),
  ];
}

/** What an entry lacks, as the end of a sentence; null: it is within the limits. */
export function refusedBy<Entry extends Acceptance>(
  entry: Entry,
  limits: readonly Placed<BaselineLimits>[],
  today: string,
  more: (entry: Entry, limits: BaselineLimits) => readonly string[] = () => [],
): string | null {
  return lacksText(limits, (value) => [...lacksOf(entry, value, today), ...more(entry, value)]);
}

function lacksOf(
  { date, owner, reason, expires }: Acceptance,
  limits: BaselineLimits,
  today: string,
): readonly string[] {
  const said = {
    ...(date === undefined ? {} : { created: date }),
    ...(expires === undefined ? {} : { expires }),
  };
  return [
    ...endLacks(said, limits, today),
    ...(limits.owner === 'required' && isMissing(owner) ? ['it has no owner'] : []),
    ...(limits.reason === 'required' && isMissing(reason) ? ['it has no reason'] : []),
  ];
}

/** The file of a baseline is not read by the shapes of a configuration, which refuse blanks. */
function isMissing(text: string | undefined): boolean {
  return text === undefined || isBlank(text);
}
