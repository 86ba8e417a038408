/** The path of a file and its other names, or a key of each. */
export interface Linked {
  readonly path: string;
  readonly aliases: readonly string[];
}

export interface Links<T> {
  readonly pairs: readonly (readonly [old: T, fresh: T])[];
  /** Several files stand where one had its links, or one where several were: nothing says which of them it is. */
  readonly unclear: readonly (readonly T[])[];
}

/**
 * Files of two sides of which one has a link where the other lies. A link that both have says nothing: `/bin/sh` leads to dash here and
 * to bash there. Each path is looked up once; of files with one path no more than two are kept, which is one too many already.
 */
export function matchLinks<T>(
  [old, fresh]: readonly [readonly T[], readonly T[]],
  namesOf: (each: T) => Linked,
  mayJoin: (old: T, fresh: T) => boolean,
): Links<T> {
  const found = new Map<T, Set<T>>();
  const add = (one: T, other: T) => found.set(one, (found.get(one) ?? new Set()).add(other));
  for (const [lying, linked, isOld] of [
    [old, fresh, true],
    [fresh, old, false],
  ] as const) {
    const byPath = pathsOf(lying, namesOf);
    for (const each of linked)
      for (const other of namesOf(each).aliases.flatMap((name) => byPath.get(name) ?? [])) {
        if (!(isOld ? mayJoin(other, each) : mayJoin(each, other))) continue;
        add(each, other);
        add(other, each);
      }
  }
  const onlyOf = (each: T) => (found.get(each)?.size === 1 ? [...(found.get(each) ?? [])] : []);
  return {
    pairs: old.flatMap((each) =>
      onlyOf(each)
        .filter((other) => onlyOf(other).length === 1)
        .map((other) => [each, other] as const),
    ),
    unclear: [...found].flatMap(([each, others]) => (others.size > 1 ? [[each, ...others]] : [])),
  };
}

function pathsOf<T>(all: readonly T[], namesOf: (each: T) => Linked): ReadonlyMap<string, T[]> {
  const byPath = new Map<string, T[]>();
  for (const each of all) {
    const { path } = namesOf(each);
    const same = byPath.get(path);
    if (same === undefined) byPath.set(path, [each]);
    else if (same.length === 1) same.push(each);
  }
  return byPath;
}
