import type { Limits } from './limits.ts';
import { encodeName } from './text.ts';

/**
 * The place inside the root that a path from an archive stands for: absolute, no `.`, `..`, double or trailing slash. A `..`
 * at the root stays there, as for a process whose root directory it is: so runtimes unpack it. Links are not looked at: that
 * is the work of squash.
 */
export function normalisePath(path: string): string {
  if (path.startsWith('/') && !needsWorkInside.test(path)) return path;
  if (!needsWork.test(path)) return `/${path}`;
  const components: string[] = [];
  for (const component of path.split('/')) {
    if (component === '' || component === '.') continue;
    if (component === '..') components.pop();
    else components.push(component);
  }
  return `/${components.join('/')}`;
}

/** Whether a path would leave the root if it could. */
export function leavesRoot(path: string): boolean {
  if (!path.includes('..')) return false;
  let depth = 0;
  for (const component of path.split('/')) {
    if (component === '..') depth -= 1;
    else if (component !== '' && component !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** A component that is empty or made of dots; nearly no path of an archive has one, and for the others a slash is all. */
const needsWork = /(?:^|\/)\.{0,2}(?:\/|$)/;
/** The same of a path that begins with its slash. */
const needsWorkInside = /\/\.{0,2}(?:\/|$)/;

/** What a path has too much of; null for nearly every one. */
export function excessOf(path: string, { maxPathLength, maxPathDepth }: Limits): string | null {
  if (path.length * 3 > maxPathLength && encodeName(path).length > maxPathLength)
    return `path is longer than ${maxPathLength} bytes: left out`;
  if (path.length > maxPathDepth && path.split('/').length - 1 > maxPathDepth)
    return `path is more than ${maxPathDepth} levels deep: left out`;
  return null;
}
