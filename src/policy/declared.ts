import { known } from '../base/fact.ts';
import type { Note } from '../report/policy-messages.ts';
import type { BinaryReport, TargetReport } from '../report/report.ts';
import type { Component, Ownership } from '../root/ownership/ownership.ts';
import { idleClaims } from './idle-claims.ts';
import type { DeclaredDependency, OwnClaim, Policy } from './policy.ts';
import { compileSelector, type Matches, whyNothing } from './select.ts';
import { type Subject, whoseOf } from './subject.ts';
import { createTrusting, type Trusting } from './words/trusting.ts';

export interface Declared {
  readonly targets: readonly TargetReport[];
  /** Sentences: which declarations match nothing. */
  readonly notices: readonly Note[];
  /** What of it belongs alongside the gate. */
  readonly alongside: readonly string[];
}

/**
 * What the configuration says of owners. What it claims as yours is so, whatever else is known; of the rest it makes dependencies of
 * what it declares as such, but never of what the distribution brought. The first that matches counts.
 */
export function applyDeclared(
  targets: readonly TargetReport[],
  { yours, dependencies }: Pick<Policy, 'yours' | 'dependencies'>,
  trusting: Trusting = createTrusting(undefined),
): Declared {
  if (yours.length === 0 && dependencies.length === 0)
    return { targets, notices: [], alongside: [] };
  const claims = yours.map((claim) => entryOf(claim, 'claim'));
  const declarations = dependencies.map((each) => {
    const trusts = trusting.compile(each.where, `the dependency ${each.name} at ${each.origin}`);
    return { said: each, matches: (subject: Subject) => trusts(subject) === 'yes', matched: 0 };
  });
  const ownerOf = (subject: Subject, binary: BinaryReport): Ownership | null => {
    const claim = firstOf(claims, subject);
    if (claim !== null) return claimed(subject, binary, claim);
    if (whoseOf(subject) === 'distribution') return null;
    const found = firstOf(declarations, subject);
    return found === null ? null : declaredAs(binary, found);
  };
  const changed = targets.map((target) => ({
    ...target,
    binaries: target.binaries.map((binary) => {
      const ownership = ownerOf({ target, judged: binary }, binary);
      if (ownership === null) return binary;
      return { ...binary, facts: { ...binary.facts, ownership: known(ownership) } };
    }),
  }));
  const idle = claims.filter(({ matched }) => matched === 0).map(({ said }) => said);
  const { notices, alongside } = idleClaims(idle, targets);
  return { targets: changed, notices: [...notices, ...idleDeclarations(declarations)], alongside };
}

interface Entry<T> {
  readonly said: T;
  readonly matches: Matches;
  matched: number;
}

function entryOf<T extends OwnClaim | DeclaredDependency>(
  said: T,
  of: 'claim' | 'verdict',
): Entry<T> {
  return { said, matches: compileSelector(said.where, of), matched: 0 };
}

/** The first that matches counts. A later one that would do the same is not idle for that. */
function firstOf<T>(entries: readonly Entry<T>[], subject: Subject): T | null {
  const found = entries.filter(({ matches }) => matches(subject));
  for (const entry of found) entry.matched += 1;
  return found[0]?.said ?? null;
}

function idleDeclarations(entries: readonly Entry<DeclaredDependency>[]): readonly Note[] {
  return entries
    .filter(({ matched }) => matched === 0)
    .map(({ said: { name, origin, where } }) => ({
      kind: 'dependency-unused',
      message: `the dependency ${name} at ${origin} matches no file of yours: ${whyNothing(where)}`,
      origin,
    }));
}

/** The package that brought it stays its component: reports name it. So does what is known of what is yours already. */
function claimed(
  subject: Subject,
  { facts: { ownership } }: BinaryReport,
  { reason, origin }: OwnClaim,
): Ownership {
  const before = ownership?.known === true ? ownership.value : null;
  if (before !== null && whoseOf(subject) === 'yours') return { ...before, isDeclared: true };
  const component = before?.component ?? null;
  const because = `${origin} says so${reason === '' ? '' : `: ${reason}`}`;
  return { whose: 'yours', component, because, isDeclared: true };
}

function declaredAs(binary: BinaryReport, declared: DeclaredDependency): Ownership {
  const { reason, origin } = declared;
  return {
    whose: 'dependency',
    component: componentOf(binary, declared),
    because: `${origin} declares it: ${reason}`,
    isDeclared: true,
  };
}

/** What a package manager calls it is its name, and what the configuration calls it where none does. */
function componentOf({ facts }: BinaryReport, { name, version }: DeclaredDependency): Component {
  const { ownership } = facts;
  const isListed = ownership?.known === true && ownership.value.whose === 'dependency';
  if (isListed && ownership.value.component !== null) return ownership.value.component;
  const purl = `pkg:generic/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
  return { ecosystem: 'generic', name, version, purl, group: name };
}
