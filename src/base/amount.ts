/** `3 binaries`, `1 binary`. */
export function amount(count: number, noun: string, plural = pluralOf(noun)): string {
  return count === 1 ? `1 ${noun}` : `${count} ${plural}`;
}

function pluralOf(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** `a`, `a and b`, `a, b and c`, `a, b, c and 2 more`: so many of the names at most. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `15 %` of 0.15. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
