import { nearest } from '../base/nearest.ts';
import type { Note } from '../report/policy-messages.ts';
import type { TargetReport } from '../report/report.ts';
import { folderGlob, isPlain } from './folder-paths.ts';
import type { OwnClaim, Selector } from './policy.ts';
import { bareWord } from './select.ts';
import { dependencyOf, factAt, packageOf, purlOf, type Subject, subjectsOf } from './subject.ts';

export interface IdleClaims {
  /** For who reads the policy's news. */
  readonly notices: readonly Note[];
  /** Parts of the gate's sentence: what was named for this run, and what seems to be a misspelled name. */
  readonly alongside: readonly string[];
}

/** Names that a claim can be near to; an image has some thousands at most, but anybody can make one of more. */
const mostNames = 5_000;
const longestName = 64;
const mostListed = 3;

export function idleClaims(
  claims: readonly OwnClaim[],
  targets: readonly TargetReport[],
): IdleClaims {
  if (claims.length === 0) return { notices: [], alongside: [] };
  const subjects = targets.flatMap(subjectsOf);
  const names = distinct(subjects.flatMap((each) => dependencyOf(each)?.toWellFormed() ?? []));
  const there = listed(names);
  const said = claims.map((claim) => {
    const near = nearOf(claim.where, subjects);
    return { claim, isNear: near !== null, hint: near === null ? there : `did you mean ${near}?` };
  });
  return {
    notices: said.map(({ claim: { what, origin }, hint }) => ({
      kind: 'claim-unused',
      message: `${what}, which ${origin} says is yours, matches no file: ${hint}`,
      origin,
    })),
    alongside: said
      .filter(({ claim, isNear }) => isNear || isOfRun(claim))
      .map(({ claim: { what, origin }, hint }) => `${what} (${origin}) matches no file: ${hint}`),
  };
}

/** Of the command line or the environment. A configuration may be for more than one image. */
function isOfRun({ origin }: OwnClaim): boolean {
  return origin.startsWith('--') || /^HULLCHECK_[A-Z_]+$/.test(origin);
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'nothing here is of a dependency';
  const more = names.length - mostListed;
  const shown = names.slice(0, mostListed).join(', ');
  return `dependencies here are ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What is there and spelled most like what the claim names; a path that lacks its slash is the most frequent. */
export function nearOf(where: Selector, subjects: readonly Subject[]): string | null {
  const bare = bareWord(where);
  if (bare !== null) return `/${bare}`;
  const { package: packages = [], purl = [], maintainer = [], path = [] } = where;
  const folder = path.find(
    (glob) => isPlain(glob) && subjects.some(({ judged }) => judged.path.startsWith(`${glob}/`)),
  );
  if (folder !== undefined) return folderGlob(folder).toWellFormed();
  const found =
    among(packages, subjects, (each) => [packageOf(each), dependencyOf(each)]) ??
    among(purl, subjects, (each) => [
      purlOf(each)
        ?.replace(/[?#].*/, '')
        .replace('%40', '@'),
    ]) ??
    among(maintainer, subjects, ({ judged }) => [factAt(judged, 'package.maintainer')]) ??
    among(path, subjects, ({ judged }) => [judged.path]);
  return found?.toWellFormed() ?? null;
}

function among(
  words: readonly string[],
  subjects: readonly Subject[],
  namesOf: (subject: Subject) => readonly unknown[],
): string | null {
  if (words.length === 0) return null;
  const isName = (name: unknown) => typeof name === 'string' && name.length <= longestName;
  const names = distinct(subjects.flatMap(namesOf).filter(isName).map(String)).slice(0, mostNames);
  const folded = new Map(names.map((name) => [name.toLowerCase(), name]));
  for (const word of words) {
    const near = nearest(word.toLowerCase(), [...folded.keys()]);
    if (near !== null) return folded.get(near) ?? null;
  }
  return null;
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
