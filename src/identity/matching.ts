import { groupBy } from '../base/group-by.ts';
import { areAlike, isOfCLibrary, lastingPackage } from './alike.ts';
import type { Identified } from './identified.ts';
import { lastingName } from './lasting-name.ts';
import type { LastingPath, LastingPaths } from './lasting-path.ts';
import { matchLinks } from './links.ts';
import type { Match, Matches, Step, Unclear } from './matches.ts';
import { prebuiltAddonPlace } from './prebuilt-addon.ts';
import { stillUnclear } from './unclear.ts';
import { matchLines, type Versioned } from './version-lines.ts';

/** A binary of one side, with the names that last. */
export interface Candidate {
  readonly index: number;
  readonly isOld: boolean;
  readonly each: Identified;
  /** '': it is not known, or the two sides are of different machines altogether. */
  readonly machine: string;
  readonly lasting: LastingPath;
  /** The path without any digit; of a prebuilt addon without the words that its loader ignores. */
  readonly place: string;
  readonly brought: string | null;
  readonly soname: string | null;
}

/** What is matched and what is free, with each step on it. */
export function createMatching(
  old: readonly Identified[],
  fresh: readonly Identified[],
  lastingPathOf: LastingPaths,
) {
  const candidates = candidatesOf(old, fresh, lastingPathOf);
  const matches: Match[] = [];
  const unclear: Unclear[] = [];
  const matched = new Set<Candidate>();
  /** Their version has no line on the other side: no later name joins them. */
  const refused = new Set<Candidate>();
  const join = (one: Candidate, other: Candidate, by: Step) => {
    matched.add(one).add(other);
    matches.push({ old: one.index, fresh: other.index, by });
  };
  const free = () => candidates.filter((each) => !matched.has(each));
  /** What could be joined in more than one way. */
  const joinLinks = (keyOf: (path: string) => string) => {
    const left = free().filter((each) => !refused.has(each));
    const linked = ({ each: { path, aliases } }: Candidate) => ({
      path: keyOf(path),
      aliases: aliases.map(keyOf),
    });
    const sides = [left.filter(isOld), left.filter(isFresh)] as const;
    const links = matchLinks(sides, linked, mayBeLinked);
    for (const [one, other] of links.pairs) join(one, other, 'other name');
    return links.unclear;
  };
  return {
    byPath() {
      const byPath = new Map(candidates.filter(isOld).map((each) => [each.each.path, each]));
      for (const candidate of candidates.filter(isFresh)) {
        const match = byPath.get(candidate.each.path);
        if (match !== undefined && !matched.has(match)) join(match, candidate, 'path');
      }
    },
    byLinks() {
      joinLinks((path) => path);
    },
    byLinksWithoutVersions() {
      for (const group of joinLinks((path) => lastingPathOf(path).key))
        unclear.push(unclearOf(group, group[0]?.each.path ?? ''));
    },
    byLines() {
      const groups = groupBy(candidates, ({ machine, lasting }) => `${machine}\0${lasting.key}`);
      for (const group of groups.values()) {
        const left = group.filter((each) => !matched.has(each));
        if (!left.some(isOld) || !left.some(isFresh)) continue;
        const byVersion = new Map<Versioned, Candidate>(
          group.map((each) => [
            { isOld: each.isOld, isMatched: matched.has(each), names: each.lasting.names },
            each,
          ]),
        );
        const candidateOf = (each: Versioned) => byVersion.get(each) as Candidate;
        const lines = matchLines([...byVersion.keys()]);
        for (const [one, other] of lines.pairs) {
          const [old, fresh] = [candidateOf(one), candidateOf(other)];
          if (!areOfOtherPackages(old, fresh)) join(old, fresh, 'path without versions');
        }
        const without = lines.unclear.map(candidateOf);
        for (const each of without) refused.add(each);
        if (without.length > 0) unclear.push(unclearOf(without, without[0]?.lasting.key ?? ''));
      }
    },
    /** Copies may be joined in any way: in order, and those of one name first. */
    byCopies(
      step: Step,
      keyOf: (candidate: Candidate) => string | null,
      mayJoin: (old: Candidate, fresh: Candidate) => boolean = () => true,
    ) {
      for (const isNamed of [true, false]) {
        const groups = groupBy(free(), (each) => {
          const key = keyOf(each);
          return key === null ? null : `${key}\0${isNamed ? each.lasting.file : ''}`;
        });
        groups.delete(null);
        for (const group of groups.values()) {
          const fresh = group.filter(isFresh);
          for (const [at, one] of group.filter(isOld).entries()) {
            const other = fresh[at];
            if (other !== undefined && mayJoin(one, other)) join(one, other, step);
          }
        }
      }
    },
    /** Where a key is of one free file on each side. */
    byOnlyOne(
      step: Step,
      keyOf: (candidate: Candidate) => string | null,
      mayJoin: (old: Candidate, fresh: Candidate) => boolean = () => true,
    ) {
      const groups = groupBy(
        free().filter((each) => !refused.has(each)),
        keyOf,
      );
      groups.delete(null);
      for (const group of groups.values()) {
        const [one, other, more] = group.toSorted((a, b) => Number(b.isOld) - Number(a.isOld));
        if (one === undefined || other === undefined || !one.isOld || group.every(isOld)) continue;
        if (more !== undefined) {
          if (named.has(step)) unclear.push(unclearOf(group, one.lasting.file));
        } else if (mayJoin(one, other) && areAlike(one.each, other.each)) join(one, other, step);
      }
    },
    result(): Matches {
      const alone = free().map(({ isOld, index }) => ({
        old: isOld ? index : null,
        fresh: isOld ? null : index,
        by: null,
      }));
      return { matches: [...matches, ...alone], unclear: stillUnclear(unclear, alone) };
    },
  };
}

/** Steps by a name that is of one file, most times. */
const named: ReadonlySet<Step> = new Set<Step>(['name in package', 'soname', 'file name']);

function candidatesOf(
  old: readonly Identified[],
  fresh: readonly Identified[],
  lastingPathOf: LastingPaths,
): readonly Candidate[] {
  const machines = new Set(old.map(({ machine }) => machine));
  const isOtherMachine = !fresh.some(({ machine }) => machines.has(machine));
  const candidateOf = (each: Identified, index: number, isOld: boolean): Candidate => {
    const lasting = lastingPathOf(each.path);
    return {
      index,
      isOld,
      each: isOtherMachine ? { ...each, machine: null } : each,
      machine: isOtherMachine ? '' : (each.machine ?? ''),
      lasting,
      place: prebuiltAddonPlace(lasting.key) ?? withoutNumbers(lasting.key),
      brought: each.brought === null ? null : lastingPackage(each.brought),
      soname: each.soname === null ? null : lastingName(each.soname).key,
    };
  };
  return [
    ...old.map((each, index) => candidateOf(each, index, true)),
    ...fresh.map((each, index) => candidateOf(each, index, false)),
  ];
}

function withoutNumbers(key: string): string {
  return key.replace(/\d+/g, '').replace('/sbin/', '/bin/');
}

function isOld(each: Candidate): boolean {
  return each.isOld;
}

function isFresh(each: Candidate): boolean {
  return !each.isOld;
}

/** Links are cheap: one program has those of a hundred, and what one of these is now need not be that program. */
function mayBeLinked(old: Candidate, fresh: Candidate): boolean {
  if (old.machine !== fresh.machine || areOfOtherPackages(old, fresh)) return false;
  return isOfCLibrary(fresh.lasting.file) || areAlike(old.each, fresh.each);
}

function areOfOtherPackages(old: Candidate, fresh: Candidate): boolean {
  return old.brought !== null && fresh.brought !== null && old.brought !== fresh.brought;
}

function unclearOf(group: readonly Candidate[], name: string): Unclear {
  const indexes = (side: boolean) =>
    group.filter(({ isOld }) => isOld === side).map(({ index }) => index);
  return { name, old: indexes(true), fresh: indexes(false) };
}
