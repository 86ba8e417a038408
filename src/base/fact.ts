/**
 * Something extraction found out about a binary, or why it could not. A damaged or undecidable part is
 * `known: false` with its reason, so no later step can mistake "not found" for "not there".
 * Values are plain data that survive structured cloning: objects, arrays, strings, numbers, booleans, bigint, null.
 */
export type Fact<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly because: string; readonly cause: Cause };

/**
 * Why something is not known. `nature`: the file is complete and does not show it (it is stripped, or there is nothing
 * around it).
 * `damage`: a part that must be read for it cannot be read. `limit`: reading it takes more than its budget. `not-needed`: no
 * rule of the run needs it.
 */
export type Cause = 'nature' | 'damage' | 'limit' | 'not-needed';

export function known<T>(value: T): Fact<T> {
  return { known: true, value };
}

export function notKnown(because: string, cause: Cause = 'nature'): Fact<never> {
  return { known: false, because, cause };
}
