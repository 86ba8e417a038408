import { compileGlobs } from '../base/glob.ts';
import type { AllowedNames, DeniedNames, OwnLists } from '../base/own-lists.ts';
import type { Placed } from '../judge/judge-target.ts';
import type { ListedNames, Policy } from './policy.ts';
import { compilePackages } from './select.ts';
import { componentOf, factAt } from './subject.ts';
import { wordOfPackage } from './words/word-of.ts';
import { isAccepted, type Word } from './words/words.ts';

/**
 * Which lists of a policy concern a binary: those with an entry for it. What several entries allow adds up. An entry that matches by a
 * package of which only a word says so that the policy does not accept, allows nothing and denies what it denies. null where the policy
 * has no lists. Throws UsageError for a glob that makes no sense.
 */
export function createOwnLists({
  lists,
  gate: { accept },
}: Pick<Policy, 'lists' | 'gate'>): ((binary: Placed) => OwnLists | null) | null {
  if (lists === undefined) return null;
  const compile = (entries: readonly ListedNames[]) => entries.map((one) => entryOf(one, accept));
  const needed = compile(lists.needed);
  const exports = compile(lists.exports);
  const denied = compile(lists.denied);
  const known = new Map<string, OwnLists>();
  return (binary) => {
    const [mayNeed, mayExport] = [allowedBy(needed, binary), allowedBy(exports, binary)];
    const found: OwnLists = {
      ...(mayNeed === null ? {} : { needed: mayNeed }),
      ...(mayExport === null ? {} : { exports: mayExport }),
      ...deniedBy(denied, binary),
    };
    // Reports write what is the same once.
    const key = JSON.stringify(found);
    const same = known.get(key) ?? found;
    known.set(key, same);
    return Object.keys(same).length === 0 ? null : same;
  };
}

/** An entry that is for some files, and matches none of these. */
export interface IdleList extends ListedNames {
  /** As a configuration names it: `allow.needed`. */
  readonly list: string;
}

/** Throws UsageError for a glob that makes no sense. */
export function idleLists(
  { lists }: Pick<Policy, 'lists'>,
  binaries: readonly Placed[],
): readonly IdleList[] {
  if (lists === undefined) return [];
  const all = [
    ...lists.needed.map((one) => ({ ...one, list: 'allow.needed' })),
    ...lists.exports.map((one) => ({ ...one, list: 'allow.exports' })),
    ...lists.denied.map((one) => ({ ...one, list: 'deny.imports' })),
  ];
  return all
    .filter(({ where }) => Object.keys(where).length > 0)
    .filter((one) => !binaries.some(entryOf(one, undefined).matches));
}

interface Entry {
  readonly listed: ListedNames;
  readonly matches: (binary: Placed) => boolean;
  /** Of what it matches: on a word that the policy accepts, or on none. */
  readonly isCertain: (binary: Placed) => boolean;
}

function entryOf(listed: ListedNames, accept: readonly Word[] | undefined): Entry {
  const { path, kind, package: packages } = listed.where;
  const isThere = path === undefined ? always : compileGlobs(path);
  const isNamed = packages === undefined ? null : compilePackages(packages, componentOf);
  return {
    listed,
    matches: (binary) =>
      [binary.path, ...binary.aliases].some(isThere) &&
      (kind === undefined || kind.some((one) => one === factAt(binary, 'kind.kind'))) &&
      (isNamed === null || isNamed({ judged: binary })),
    isCertain(binary) {
      const word = isNamed === null ? null : wordOfPackage(binary);
      return word === null || isAccepted(word, accept);
    },
  };
}

function always(): boolean {
  return true;
}

/** null: the list does not concern it. */
function allowedBy(entries: readonly Entry[], binary: Placed): AllowedNames | null {
  const met = entries.filter(({ matches }) => matches(binary));
  const [first] = met;
  if (first === undefined) return null;
  const names = met.flatMap((one) => (one.isCertain(binary) ? one.listed.names : []));
  return { names, origin: first.listed.origin };
}

function deniedBy(entries: readonly Entry[], binary: Placed): Pick<OwnLists, 'denied'> {
  const met = entries.filter(({ matches }) => matches(binary));
  if (met.length === 0) return {};
  const byPlace = new Map<string, DeniedNames>();
  for (const { listed } of met) {
    const { names, reason, origin } = listed;
    const key = JSON.stringify([origin, reason]);
    byPlace.set(key, { names: [...(byPlace.get(key)?.names ?? []), ...names], reason, origin });
  }
  return { denied: [...byPlace.values()] };
}
