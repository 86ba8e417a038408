/** A verdict names no more faults than these: reports have them for each file. The first in order. */
export const mostFaults = 50;

/** What `is` fails for and `was` did not. Of faults beyond those that are named nothing is said. */
export function furtherFaults(was: readonly string[], is: readonly string[]): readonly string[] {
  const known = new Set(was.map(withoutNumbers));
  const last = was.length < mostFaults ? undefined : was.at(-1);
  return is.filter(
    (fault) => !known.has(withoutNumbers(fault)) && (last === undefined || fault < last),
  );
}

/** The version in a path is another in each release. */
function withoutNumbers(fault: string): string {
  return fault.replace(/\d+/g, '#');
}
