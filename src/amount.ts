/** `3 binaries`, `1 binary`. */
export function amount(count: number, noun: string, plural = pluralOf(noun)): string {
  return count === 1 ? `1 ${noun}` : `${count} ${plural}`;
}

function pluralOf(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
