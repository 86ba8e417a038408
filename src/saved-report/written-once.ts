import { UsageError } from '../base/errors.ts';
import { isObject, type Members } from '../base/json-members.ts';

/** Stands for a binary that an earlier target of the report has just so. */
export interface BinaryPlace {
  readonly path: string;
  readonly sha256: string;
  /** `[target, binary]` */
  readonly same: readonly number[];
}

/** A short text can name a long one again and again. A hundred images of 3,500 files have as many. */
const mostVerdicts = 10_000_000;

/**
 * Puts each binary where the report names its place. A place leads to a binary that stands in front of it, so there are no circles.
 * Changes the document. Throws UsageError for a place that leads to none, or to another file.
 */
export function writeOut(document: unknown): unknown {
  const lists = listsOf(document);
  let left = mostVerdicts;
  for (const [target, binaries] of lists.entries())
    for (const [index, binary] of binaries.entries()) {
      if (!isObject(binary) || !Object.hasOwn(binary, 'same')) continue;
      const found = memberAt(lists, binary['same'], [target, index]);
      const isSame = found?.['path'] === binary['path'] && found?.['sha256'] === binary['sha256'];
      if (found === null || !isSame)
        throw new UsageError(
          `targets[${target}].binaries[${index}].same leads to no binary that is the same`,
        );
      const verdicts: unknown = found['verdicts'];
      left -= Array.isArray(verdicts) ? verdicts.length : 0;
      if (left < 0)
        throw new UsageError(
          `the places of binaries stand for more than ${mostVerdicts} verdicts: no report has so many`,
        );
      binaries[index] = found;
    }
  return document;
}

/** The binaries of each target, as they lie in the document; of anything else none. */
function listsOf(document: unknown): readonly unknown[][] {
  const targets: unknown = isObject(document) ? document['targets'] : null;
  if (!Array.isArray(targets)) return [];
  return targets.map((target: unknown) => {
    const binaries: unknown = isObject(target) ? target['binaries'] : null;
    return Array.isArray(binaries) ? binaries : [];
  });
}

function memberAt(
  lists: readonly (readonly unknown[])[],
  place: unknown,
  [target, index]: readonly [number, number],
): Members | null {
  if (!Array.isArray(place) || place.length !== 2) return null;
  const [of, at]: readonly unknown[] = place;
  if (typeof of !== 'number' || typeof at !== 'number') return null;
  const isBefore = of < target || (of === target && at < index);
  const found = isBefore ? lists[of]?.[at] : null;
  return isObject(found) ? found : null;
}
