import { isAscii, isUtf8 } from 'node:buffer';

/**
 * Names in archives and ELF files are bytes. They are kept as strings that lose nothing: valid UTF-8 is decoded,
 * every other byte becomes a lone surrogate U+DC80..U+DCFF (as Python's `surrogateescape` does), so two names are
 * equal exactly when their bytes are.
 */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function decodeName(bytes: Uint8Array): string {
  // Nearly all names are ASCII, which is copied.
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  if (encoding === 'utf8' && !isUtf8(bytes)) return decodeBytewise(bytes);
  if (Buffer.isBuffer(bytes)) return bytes.toString(encoding);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding);
}

/** The bytes that {@link decodeName} was given. */
export function encodeName(name: string): Buffer {
  if (Buffer.byteLength(name) === name.length) return Buffer.from(name, 'latin1');
  if (name.isWellFormed()) return Buffer.from(name, 'utf8');
  const parts: Buffer[] = [];
  for (const character of name) {
    const code = character.charCodeAt(0);
    const escaped = character.length === 1 && code >= 0xdc80 && code <= 0xdcff;
    parts.push(escaped ? Buffer.of(code - 0xdc00) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

/** The name as a person may safely see it: bytes that are not UTF-8 as `\xNN`. Control characters stay: escaping them is the reporter's. */
export function printableName(name: string): string {
  return name.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (unit) => `\\x${(unit.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`,
  );
}

/** Orders names as their bytes are ordered, as `LC_ALL=C sort` does. */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    // UTF-16 puts surrogates (characters beyond U+FFFF, escaped bytes) before U+E000, UTF-8 does not.
    const alike = left < 0xd800 && right < 0xd800;
    return alike ? left - right : Buffer.compare(encodeName(a), encodeName(b));
  }
  return a.length - b.length;
}

function decodeBytewise(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    else text += strict.decode(bytes.subarray(at, at + length));
    at += Math.max(length, 1);
  }
  return text;
}

/** Length of the valid UTF-8 sequence at `at`, or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length =
    first < 0x80
      ? 1
      : first < 0xc2
        ? 0
        : first < 0xe0
          ? 2
          : first < 0xf0
            ? 3
            : first < 0xf5
              ? 4
              : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}
