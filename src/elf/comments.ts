import { decodeName } from '../base/text.ts';
import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import type { Section } from './records.ts';
import { readSectionBytes } from './sections.ts';

/** Compilers and linkers leave one NUL-terminated string each; the linker merges equal ones, mostly. */
export function readComments(
  bytes: Bytes,
  sections: readonly Section[],
  budget: Budget,
): readonly string[] {
  const section = sections.find(({ name }) => name === '.comment');
  if (section === undefined) return [];
  const buffer = readSectionBytes(bytes, section);
  const comments = new Set<string>();
  for (let at = 0; at < buffer.length; ) {
    const found = buffer.indexOf(0, at);
    const end = found < 0 ? buffer.length : found;
    budget.spend(end - at + 64);
    if (end > at) comments.add(decodeName(buffer.subarray(at, end)));
    at = end + 1;
  }
  return [...comments];
}
