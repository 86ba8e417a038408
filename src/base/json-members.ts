/** Of an object of JSON. */
export type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON object, which is not copied; null for every other value. */
export function membersOf(value: unknown): Members | null {
  return isObject(value) ? value : null;
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
