import type { Limits } from '../limits.ts';
import { encodeName } from '../text.ts';

/**
 * The place inside the root that a path from an archive stands for: absolute, no `.`, `..`, double or trailing slash.
 * null: it would leave the root, holds a NUL, or is longer than `maxPathLength` bytes; nothing is to be put there.
 */
export function normalisePath(path: string, limits: Limits): string | null {
  const components: string[] = [];
  for (const component of path.split('/')) {
    if (component === '' || component === '.') continue;
    if (component !== '..') components.push(component);
    else if (components.pop() === undefined) return null;
  }
  const normalised = `/${components.join('/')}`;
  const sound = !normalised.includes('\0') && byteLength(normalised) <= limits.maxPathLength;
  return sound ? normalised : null;
}

/** Bytes of a name as decodeName makes it: an escaped byte is one byte, not the three of its stand-in. */
function byteLength(name: string): number {
  if (name.isWellFormed()) return Buffer.byteLength(name);
  return encodeName(name).length;
}
