/** Names that are looked for among those of a file. */
export interface KnownNames {
  has(name: string): boolean;
}

/**
 * A set has to hash every name that is looked up. Hardly any name of a file has the length and the last letter of a
 * known one, which is compared without a hash.
 */
export function knownNames(names: Iterable<string>): KnownNames {
  const known = new Set(names);
  const looks = new Uint8Array(0x10000);
  for (const name of known) looks[lookOf(name)] = 1;
  return { has: (name) => looks[lookOf(name)] === 1 && known.has(name) };
}

function lookOf(name: string): number {
  return ((name.length & 0xff) << 8) | (name.charCodeAt(name.length - 1) & 0xff);
}
