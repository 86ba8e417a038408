const maxDepth = 64;
const maxValues = 500_000;

/**
 * What a JSON document has too much of; null: nothing. To be asked before JSON.parse allocates: 16 MiB of `[[[[` would become a
 * gigabyte of arrays.
 */
export function excessOfJson(bytes: Buffer): string | null {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = stringEnd(bytes, at);
    else if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    if (byte === 0x5b || byte === 0x7b || byte === 0x2c) values += 1;
    if (depth > maxDepth) return `is nested deeper than ${maxDepth} levels at byte ${at}`;
    if (values > maxValues) return `has more than ${maxValues} values`;
  }
  return null;
}

/**
 * The same of text that was read already, by its depth alone: what walks such a document calls itself for each level. null: it is
 * not too deep.
 */
export function depthExcess(text: string): string | null {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at += 1;
      while (at < text.length && text.charCodeAt(at) !== quote)
        at += text.charCodeAt(at) === backslash ? 2 : 1;
    } else if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth > maxDepth) return `nested deeper than ${maxDepth} levels at character ${at}`;
  }
  return null;
}

const quote = 0x22;
const backslash = 0x5c;

/** Offset of the quote that ends the string begun at `start`. */
export function stringEnd(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}
