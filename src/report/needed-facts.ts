import type { Fact } from '../base/fact.ts';
import type { Facts } from '../root/root-facts.ts';

/**
 * What policy, comparison, baseline and formats look at in a report, by fact: all of it, or these members. A saved report has
 * this and no more, unless all facts are wanted; verdicts carry their own evidence. A fact that is not known, or that is
 * null, says nothing to any of them.
 */
export const neededFacts: Readonly<Partial<Record<keyof Facts, 'whole' | readonly string[]>>> = {
  acceptance: ['by', 'refusal'],
  bindNow: ['requests'],
  buildId: ['id'],
  compilers: 'whole',
  controlFlow: ['state'],
  debugFile: 'whole',
  exposure: ['onPath', 'privileged', 'reached'],
  fortify: ['fortifiable', 'fortified', 'level', 'state'],
  go: ['cgo', 'main.path', 'table', 'version'],
  judgedAsStart: 'whole',
  kind: ['kind'],
  language: 'whole',
  libc: ['name'],
  linkage: ['interpreter.state', 'servedBy.libc'],
  linking: ['how'],
  loadAddress: ['chosenBy'],
  machine: ['bits', 'byteOrder', 'name'],
  needed: 'whole',
  ownLists: 'whole',
  ownership: 'whole',
  package: 'whole',
  placement: ['capabilities', 'setgid', 'setuid', 'where'],
  recordedFlags: 'whole',
  relro: ['idle', 'leftOut', 'state'],
  replaces: ['name', 'version'],
  requiredSystem: 'whole',
  soname: 'whole',
  stackProtector: ['code.wideFrames', 'coverage.needing', 'state'],
  stackSegment: ['executable'],
  textRelocations: ['announced'],
};

/** The needed part of the facts of one binary, by name. Each part is made once for a fact. */
export function createNeededPart(): (
  facts: Partial<Facts>,
) => readonly (readonly [string, object])[] {
  const parts = new WeakMap<object, object>();
  return (facts) => {
    // As a table: a saved report may be of a version that had other facts.
    const table = facts as Readonly<Record<string, Fact<unknown>>>;
    return needed.flatMap(([name, members]) => {
      const fact = Object.hasOwn(table, name) ? table[name] : undefined;
      if (fact?.known !== true || fact.value === null) return [];
      const part = parts.get(fact) ?? partOf(fact, members);
      parts.set(fact, part);
      return [[name, part] as const];
    });
  };
}

/** Sorted by name. */
const needed = Object.entries(neededFacts).toSorted(([a], [b]) => (a < b ? -1 : 1));

function partOf(
  fact: Extract<Fact<unknown>, { readonly known: true }>,
  members: 'whole' | readonly string[],
): object {
  return members === 'whole' ? fact : { known: true, value: membersOf(fact.value, members) };
}

function membersOf(value: unknown, members: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const found: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const own = members.includes(name);
    const below = members.filter((each) => each.startsWith(`${name}.`));
    if (own) found[name] = member;
    else if (below.length > 0)
      found[name] = membersOf(
        member,
        below.map((each) => each.slice(name.length + 1)),
      );
  }
  return found;
}
