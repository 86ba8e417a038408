import { isDeepStrictEqual } from 'node:util';
import type { JudgedVerdict } from '../report/report.ts';
import type { Binary } from '../root/binaries.ts';
import type { Facts } from '../root/root-facts.ts';

/** A binary's facts, and what the rules of the run say of them. */
export interface JudgedFacts {
  readonly facts: Facts;
  readonly verdicts: readonly JudgedVerdict[];
}

/**
 * What a run judged in other images, for one that has the same file at the same path: a release has nearly all files of the one before.
 * Verdicts follow from facts alone, so they are the same where every fact is, those of the root around the file included. Nothing is kept
 * longer than the facts of the file.
 */
export class JudgedBefore {
  readonly #known = new WeakMap<object, Map<string, JudgedFacts>>();

  /** The same as `judge` gives, which is asked where something is different. */
  of(
    { facts: own }: Pick<Binary['extraction'], 'facts'>,
    path: string,
    facts: Facts,
    judge: () => readonly JudgedVerdict[],
  ): JudgedFacts {
    const byPath = this.#known.get(own) ?? new Map<string, JudgedFacts>();
    const known = byPath.get(path);
    if (known !== undefined && areEqual(known.facts, facts)) return known;
    const judged = { facts, verdicts: judge() };
    this.#known.set(own, byPath.set(path, judged));
    return judged;
  }
}

/** Nearly all are the same objects, which are not looked into. */
function areEqual(one: Facts, other: Facts): boolean {
  if (Object.keys(one).length !== Object.keys(other).length) return false;
  let name: keyof Facts;
  for (name in other)
    if (one[name] !== other[name] && !isDeepStrictEqual(one[name], other[name])) return false;
  return true;
}
