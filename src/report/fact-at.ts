import type { Fact } from '../base/fact.ts';
import type { Judged } from './report.ts';

/** The value at a dotted path that begins with the name of a fact; undefined where there is none, or it is not known. */
export function factAt(judged: Pick<Judged, 'facts'>, path: string): unknown {
  const [name = '', ...members] = path.split('.');
  const fact = factOf(judged, name);
  if (fact?.known !== true) return undefined;
  let value = fact.value;
  for (const member of members) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = own(value, member);
  }
  return value;
}

/** A saved report may be of a version that had other facts. */
function factOf({ facts }: Pick<Judged, 'facts'>, name: string): Fact<unknown> | undefined {
  // All that a report has there are facts, whatever they are of.
  return own(facts, name) as Fact<unknown> | undefined;
}

function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
