import type { Fact } from '../base/fact.ts';
import type { Judged } from './report.ts';

/** The value at a dotted path that begins with the name of a fact; undefined where there is none, or it is not known. */
export function factAt(judged: Pick<Judged, 'facts'>, path: string): unknown {
  const names = namesIn(path);
  const fact = factOf(judged, names[0] ?? '');
  if (fact?.known !== true) return undefined;
  let value = fact.value;
  for (let at = 1; at < names.length; at += 1) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = own(value, names[at] ?? '');
  }
  return value;
}

/** Code and profiles name them, so there are a few, which are asked about for each verdict. */
const split = new Map<string, readonly string[]>();

function namesIn(path: string): readonly string[] {
  const known = split.get(path) ?? path.split('.');
  split.set(path, known);
  return known;
}

/** A saved report may be of a version that had other facts. */
function factOf({ facts }: Pick<Judged, 'facts'>, name: string): Fact<unknown> | undefined {
  // All that a report has there are facts, whatever they are of.
  return own(facts, name) as Fact<unknown> | undefined;
}

function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
