import { isUtf8 } from 'node:buffer';
import type { Mistake } from './mistakes.ts';
import { type PlaceOf, placesIn } from './places.ts';

export interface Decoded {
  /** Without a byte order mark. */
  readonly text: string;
  readonly placeOf: PlaceOf;
  readonly mistakes: readonly Mistake[];
}

/** The text of a configuration. It must be UTF-8: other bytes would become other characters in reports. */
export function decodeConfig(content: string | Uint8Array, file: string): Decoded {
  const bytes = typeof content === 'string' ? null : Buffer.from(content);
  if (bytes === null || isUtf8(bytes)) return ofText(bytes?.toString('utf8') ?? `${content}`, file);
  const text = markLess(bytes.toString('utf8'));
  const placeOf = placesIn(text, file);
  const wide = wideName(bytes);
  if (wide !== null) {
    const message = `the file is ${wide}: save it as UTF-8`;
    return { text: '', placeOf, mistakes: [{ at: placeOf(0), message }] };
  }
  return { text, placeOf, mistakes: brokenLines(text, placeOf) };
}

function ofText(whole: string, file: string): Decoded {
  const text = markLess(whole);
  const placeOf = placesIn(text, file);
  const at = text.search(control);
  if (at < 0) return { text, placeOf, mistakes: [] };
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const message = `the control character U+${code}: a configuration has text only`;
  return {
    text: text.replace(new RegExp(control, 'gu'), ' '),
    placeOf,
    mistakes: [{ at: placeOf(at), message }],
  };
}

/** Of all that YAML refuses; a tab and line breaks are none of it. */
const control = /(?![\t\r\n\u0085])\p{Cc}/u;

function markLess(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** What Windows calls Unicode: half of its bytes are 0, or it begins with the mark. */
function wideName(bytes: Buffer): string | null {
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return marked ? 'UTF-16' : null;
}

/** One for each line with bytes that were replaced. */
function brokenLines(text: string, placeOf: PlaceOf): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  for (let at = text.indexOf('\ufffd'); at >= 0; ) {
    const message = 'bytes that are not UTF-8, but perhaps Latin-1: save the file as UTF-8';
    mistakes.push({ at: placeOf(at), message });
    const end = text.indexOf('\n', at);
    at = end < 0 ? -1 : text.indexOf('\ufffd', end);
  }
  return mistakes;
}
