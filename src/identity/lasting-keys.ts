import { compare } from '../base/compare.ts';
import { groupBy } from '../base/group-by.ts';
import { createLastingPaths } from './lasting-path.ts';

/** Something that has a path, in a group where each path is of one thing. */
export interface Placed {
  readonly group: string;
  readonly path: string;
}

/**
 * The path of each without versions and hashes, which the next release has too. Of several that are equal so, all but the
 * first have their number behind it, in the order of their paths, where 9 is before 10. What was not given has no number.
 */
export function createLastingKeys(all: readonly Placed[]): (placed: Placed) => string {
  const lastingPathOf = createLastingPaths();
  const placeOf = ({ group, path }: Placed) => `${group}\0${lastingPathOf(path).key}`;
  const ordinals = new Map<string, number>();
  for (const equal of groupBy(all, placeOf).values()) {
    const paths = [...new Set(equal.map(({ path }) => path))];
    if (paths.length === 1) continue;
    const group = equal[0]?.group ?? '';
    for (const [index, path] of paths.sort(byNumber).entries())
      ordinals.set(`${group}\0${path}`, index + 1);
  }
  return ({ group, path }) => {
    const { key } = lastingPathOf(path);
    const ordinal = ordinals.get(`${group}\0${path}`) ?? 1;
    return ordinal === 1 ? key : `${key}\0${ordinal}`;
  };
}

/** Digits by their value, all else by its code. */
export function byNumber(a: string, b: string): number {
  const [ours, theirs] = [partsOf(a), partsOf(b)];
  for (const [at, part] of ours.entries()) {
    const order = byValue(part, theirs[at] ?? '');
    if (order !== 0) return order;
  }
  return ours.length - theirs.length || compare(a, b);
}

/** Numbers of any length: the longer one is greater. */
function byValue(part: string, other: string): number {
  if (!/^\d/.test(part) || !/^\d/.test(other)) return compare(part, other);
  const [ours, theirs] = [part.replace(/^0+/, ''), other.replace(/^0+/, '')];
  return ours.length - theirs.length || compare(ours, theirs);
}

function partsOf(text: string): readonly string[] {
  return text.match(/\d+|\D+/g) ?? [];
}
