import { UsageError } from '../base/errors.ts';
import { isObject, type Members } from '../base/json-members.ts';

/** Stands for a binary that an earlier target of the report has just so. */
export interface BinaryPlace {
  readonly path: string;
  readonly sha256: string;
  /** `[target, binary]` */
  readonly same: readonly number[];
}

/** Stands for a verdict that an earlier binary of the report has just so. */
export interface VerdictPlace {
  readonly rule: string;
  readonly outcome: string;
  /** `[target, binary, verdict]` */
  readonly same: readonly number[];
}

/** Stands for a fact of the same name. */
export interface FactPlace {
  /** `[target, binary]` */
  readonly same: readonly number[];
}

/** A short text can name a long one again and again. A hundred images of 3,500 files have as many. */
const mostVerdicts = 10_000_000;

/**
 * Puts each binary, verdict and fact where the report names its place. A place leads to what stands in front of it, so there are no
 * circles. Changes the document. Throws UsageError for a place that leads to none, or to another file, rule or outcome.
 */
export function writeOut(document: unknown): unknown {
  const lists = listsOf(document);
  let left = mostVerdicts;
  for (const [target, binaries] of lists.entries())
    for (const [index, binary] of binaries.entries()) {
      if (!isObject(binary)) continue;
      if (!Object.hasOwn(binary, 'same')) {
        writeOutParts(binary, lists, [target, index]);
        continue;
      }
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

function writeOutParts(binary: Members, lists: Lists, at: readonly [number, number]): void {
  const place = `targets[${at[0]}].binaries[${at[1]}]`;
  const { verdicts, facts } = binary;
  if (Array.isArray(verdicts))
    for (const [index, verdict] of verdicts.entries()) {
      if (!isObject(verdict) || !Object.hasOwn(verdict, 'same')) continue;
      const found = verdictAt(lists, verdict['same'], at);
      const isSame =
        found?.['rule'] === verdict['rule'] && found?.['outcome'] === verdict['outcome'];
      if (found === null || !isSame)
        throw new UsageError(
          `${place}.verdicts[${index}].same leads to no verdict that is the same`,
        );
      verdicts[index] = found;
    }
  if (!isObject(facts)) return;
  for (const [name, fact] of Object.entries(facts)) {
    if (!isObject(fact) || !Object.hasOwn(fact, 'same')) continue;
    const there: unknown = memberAt(lists, fact['same'], at)?.['facts'];
    const found: unknown = isObject(there) && Object.hasOwn(there, name) ? there[name] : null;
    if (!isObject(found)) throw new UsageError(`${place}.facts.${name}.same leads to no such fact`);
    Object.defineProperty(facts, name, { value: found, enumerable: true });
  }
}

/** Of a binary that stands in front: what is in it was written out before. */
function verdictAt(lists: Lists, place: unknown, at: readonly [number, number]): Members | null {
  if (!Array.isArray(place) || place.length !== 3) return null;
  const [target, binary, index]: readonly unknown[] = place;
  const verdicts: unknown = memberAt(lists, [target, binary], at)?.['verdicts'];
  if (!Array.isArray(verdicts) || typeof index !== 'number') return null;
  const found: unknown = verdicts[index];
  return isObject(found) ? found : null;
}

type Lists = readonly (readonly unknown[])[];

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
  lists: Lists,
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
