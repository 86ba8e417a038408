/**
 * Something extraction found out about a binary, or why it could not. A damaged or undecidable part is
 * `known: false` with its reason, so no later step can mistake "not found" for "not there".
 * Values are plain data that survive structured cloning: objects, arrays, strings, numbers, booleans, bigint, null.
 */
export type Fact<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly because: string };

export function known<T>(value: T): Fact<T> {
  return { known: true, value };
}

export function notKnown(because: string): Fact<never> {
  return { known: false, because };
}
