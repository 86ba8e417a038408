import { UsageError } from '../base/errors.ts';
import { depthExcess } from '../base/json-bounds.ts';

/** Somebody's JSON. Throws UsageError that says what it is not: `not a report of hullcheck`. */
export function parseDocument(text: string, isNot: string): unknown {
  const excess = depthExcess(text);
  if (excess !== null) throw new UsageError(`${isNot}: it is ${excess}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${isNot}: ${error instanceof Error ? error.message : error}`);
  }
}
