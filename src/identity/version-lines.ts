import { groupBy } from '../base/group-by.ts';
import type { LastingName } from './lasting-name.ts';

/** One of the files that differ in versions only. */
export interface Versioned {
  readonly isOld: boolean;
  /** Its path matched already; its version is one of those that lie together nevertheless. */
  readonly isMatched: boolean;
  /** Of its path. */
  readonly names: readonly LastingName[];
}

export interface Lines {
  readonly pairs: readonly (readonly [old: Versioned, fresh: Versioned])[];
  /** Nothing says which of these follows which. */
  readonly unclear: readonly Versioned[];
}

/**
 * Which follows which, of files that have one path but for versions. Alone on both sides: they do. Where several lie
 * together, the numbers up to the first at which they differ are the name of a line (3.11 and 3.12 of Python, 1 and 2
 * of a library), and a line follows itself only: that 3.11 went and 3.13 came is not a change of either. Those whose numbers
 * stand in the same places come first: `x_35.cpython-313.so` does not follow `x.cpython-311.so` where an `x.cpython-313.so` does.
 */
export function matchLines(group: readonly Versioned[]): Lines {
  const pairs: (readonly [Versioned, Versioned])[] = [];
  const done = new Set<Versioned>();
  const forms = group.length > 2 ? [...groupBy(group, formOf).values()] : [];
  for (const members of forms.length > 1 ? [...forms, group] : [group])
    for (const pair of pairsOf(members, done)) {
      pairs.push(pair);
      for (const each of pair) done.add(each);
    }
  const left = group.filter((each) => !each.isMatched && !done.has(each));
  const areBoth = left.some(({ isOld }) => isOld) && left.some(({ isOld }) => !isOld);
  return { pairs, unclear: areBoth ? left : [] };
}

function formOf({ names }: Versioned): string {
  return names.map(({ form }) => form).join('/');
}

/** Each pass goes on where numbers differ, so it ends with the last number. */
function pairsOf(
  group: readonly Versioned[],
  done: ReadonlySet<Versioned>,
): readonly (readonly [Versioned, Versioned])[] {
  const pairs: (readonly [Versioned, Versioned])[] = [];
  const waiting: Line[] = [{ members: group, name: 0, part: 0 }];
  for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
    const [old, fresh] = [freeOf(line.members, true, done), freeOf(line.members, false, done)];
    if (old.first === null || fresh.first === null) continue;
    const parts = line.members.length === 2 ? null : divide(line);
    if (parts !== null) for (const part of parts) waiting.push(part);
    else if (old.count === 1 && fresh.count === 1) pairs.push([old.first, fresh.first]);
  }
  return pairs;
}

interface Free {
  readonly first: Versioned | null;
  readonly count: number;
}

function freeOf(members: readonly Versioned[], side: boolean, done: ReadonlySet<Versioned>): Free {
  const free = members.filter((each) => each.isOld === side && !each.isMatched && !done.has(each));
  return { first: free[0] ?? null, count: free.length };
}

interface Line {
  readonly members: readonly Versioned[];
  /** From which name of the path, and which part of its version, they may differ. */
  readonly name: number;
  readonly part: number;
}

/**
 * By the first number at which files of one side differ; null where none does. One that only differs between the
 * sides is what a release changed. No more parts are looked at than the side has: one long name costs the others nothing.
 */
function divide({ members, name, part }: Line): readonly Line[] | null {
  const sides = [true, false]
    .map((side) => members.filter(({ isOld }) => isOld === side))
    .filter((side) => side.length > 1);
  const length = members[0]?.names.length ?? 0;
  for (let at = name; at < length; at += 1)
    for (const side of sides) {
      const differs = firstDifference(side, at, at === name ? part : 0);
      if (differs === null) continue;
      const lines = groupBy(members, (each) => partOf(each, at, differs));
      return [...lines.values()].map((line) => ({ members: line, name: at, part: differs }));
    }
  return null;
}

function firstDifference(side: readonly Versioned[], name: number, from: number): number | null {
  const most = side.reduce(
    (length, { names }) => Math.max(length, names[name]?.version.length ?? 0),
    0,
  );
  const [first] = side;
  for (let part = from; part < most && first !== undefined; part += 1) {
    const expected = partOf(first, name, part);
    if (side.some((each) => partOf(each, name, part) !== expected)) return part;
  }
  return null;
}

function partOf({ names }: Versioned, name: number, part: number): string {
  return names[name]?.version[part] ?? '';
}
