// supporting: searches for rare byte strings, natively and within bounds
import type { Bytes } from '../elf/bytes.ts';

/** File offset of the first `text` that begins and ends in [start, end), or null. Bounds outside the file are cut to it. */
export function findText(
  bytes: Bytes,
  text: string | Buffer,
  start = 0,
  end = bytes.size,
): number | null {
  const from = Math.max(0, start);
  const to = Math.min(bytes.size, end);
  if (to <= from) return null;
  const at = bytes.read(from, to - from).indexOf(text, 0, 'latin1');
  return at === -1 ? null : from + at;
}
