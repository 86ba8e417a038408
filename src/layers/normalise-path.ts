/**
 * The place inside the root that a path from an archive stands for: absolute, no `.`, `..`, double or trailing slash.
 * null: a `..` would leave the root. Links are not looked at: that is the work of squash.
 */
export function normalisePath(path: string): string | null {
  const components: string[] = [];
  for (const component of path.split('/')) {
    if (component === '' || component === '.') continue;
    if (component !== '..') components.push(component);
    else if (components.pop() === undefined) return null;
  }
  return `/${components.join('/')}`;
}
