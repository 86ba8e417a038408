import { compileGlobs } from '../base/glob.ts';
import type { TargetReport } from '../report/report.ts';
import { compileImages } from './image-name.ts';
import { compileNames, compilePurls } from './package-names.ts';
import type { OsSelector, Selector } from './policy.ts';
import { compareReleases, isBeyondNewest, isItsManager, systemOf } from './release.ts';
import {
  buildIdOf,
  componentOf,
  dependencyOf,
  factAt,
  maintainerOf,
  type Owned,
  originOf,
  packageOf,
  purlOf,
  type Subject,
  whoseOf,
} from './subject.ts';

/** Why a selector that matches nothing may be meant otherwise: a path of a report begins with a slash. */
export function whyNothing(selector: Selector, otherwise = 'it can be removed'): string {
  const bare = bareWord(selector);
  return bare === null ? otherwise : `paths begin with a slash: did you mean /${bare}`;
}

/** A glob of paths that lacks its slash; null where there is none. */
export function bareWord({ path = [] }: Selector): string | null {
  return path.find((glob) => /^[^/*{]/.test(glob)) ?? null;
}

export type Matches = (subject: Subject) => boolean;

/**
 * The same of a selector of a profile, which a test has compiled: most of them are of other systems than what is judged, and a run
 * of one file would spend a tenth of its time on their globs.
 */
export function compileWhenNeeded(selector: Selector): Matches {
  const first = [...ownerTests(selector), ...circumstanceTests(selector)];
  let others: readonly Matches[] | null = null;
  return (subject) => {
    for (const test of first) if (!test(subject)) return false;
    others ??= [...identityTests(selector), ...placeTests(selector, 'verdict')];
    for (const test of others) if (!test(subject)) return false;
    return true;
  };
}

/**
 * A claim also matches by name what is yours already: repeating it is not a mistake. Throws UsageError for a glob that
 * makes no sense.
 */
export function compileSelector(selector: Selector, of: 'verdict' | 'claim' = 'verdict'): Matches {
  const tests = [
    // What says no to most files at once comes first.
    ...ownerTests(selector),
    ...circumstanceTests(selector),
    ...identityTests(selector),
    ...placeTests(selector, of),
  ];
  return (subject) => {
    // Asked of each verdict, for which a function of its own costs more than the tests.
    for (const test of tests) if (!test(subject)) return false;
    return true;
  };
}

function* placeTests(
  { path, layer, purl, maintainer, package: packages }: Selector,
  of: 'verdict' | 'claim',
): Iterable<Matches> {
  if (path !== undefined) {
    const matches = compileGlobs(path);
    yield ({ judged }) => matches(judged.path) || judged.aliases.some(matches);
  }
  if (packages !== undefined)
    yield compilePackages(packages, of === 'claim' ? componentOf : dependencyOf);
  if (purl !== undefined) {
    const matches = compilePurls(purl);
    yield (subject) => {
      const found = purlOf(subject);
      return found !== null && matches(found);
    };
  }
  if (maintainer !== undefined) {
    const matches = compileGlobs(maintainer.map(asOnePart));
    yield (subject) => {
      const found = asOnePart(maintainerOf(subject) ?? '');
      return found !== '' && [found, addressIn(found)].some(matches);
    };
  }
  if (layer !== undefined) {
    yield (subject) => originOf(subject) === layer;
  }
}

function* ownerTests({ whose, promised }: Selector): Iterable<Matches> {
  if (whose !== undefined) yield (subject) => includes(whose, whoseOf(subject));
  if (promised !== undefined) yield (subject) => isPromised(subject, promised);
}

/** By the name of the package of a file, or of its module. Throws UsageError for a glob that makes no sense. */
export function compilePackages<Of extends Owned>(
  globs: readonly string[],
  moduleOf: (owned: Of) => string | null,
): (owned: Of) => boolean {
  const matches = compileNames(globs);
  return (owned) => {
    const name = packageOf(owned);
    if (name !== null && matches(name, factAt(owned.judged, 'package.manager'))) return true;
    const component = moduleOf(owned);
    const ecosystem = factAt(owned.judged, 'ownership.component.ecosystem');
    return component !== null && matches(component, ecosystem);
  };
}

/** A glob ends its stars at slashes, and a vendor may be called by an address of the web. */
function asOnePart(person: string): string {
  return person.toLowerCase().replaceAll('/', '\u2215');
}

function addressIn(person: string): string {
  return /<([^<>]*)>/.exec(person)?.[1] ?? person;
}

/** A package by itself has no database to be found in, but says who made it. */
function isPromised(subject: Subject, promised: NonNullable<Selector['promised']>): boolean {
  const whose = whoseOf(subject);
  if (whose !== 'yours' || subject.target.kind !== 'package') return whose === 'distribution';
  return promised === 'as named' || factAt(subject.judged, 'package.maker.by') === 'distribution';
}

function* identityTests({ digest, buildId, kind, machine, image }: Selector): Iterable<Matches> {
  if (digest !== undefined) {
    const digests = digest.map(normalDigest);
    yield ({ judged: { sha256 } }) => sha256 !== null && digests.includes(sha256);
  }
  if (buildId !== undefined) {
    const ids = buildId.map(normalBuildId);
    yield (subject) => includes(ids, buildIdOf(subject));
  }
  if (image !== undefined) {
    const matches = compileImages(image);
    yield ({ target }) => matches(target);
  }
  if (kind !== undefined) yield ({ judged }) => includes(kind, factAt(judged, 'kind.kind'));
  if (machine !== undefined)
    yield ({ judged }) => includes(machine, factAt(judged, 'machine.name'));
}

/** As reports have it: 64 hexadecimal digits in lower case. */
export function normalDigest(text: string): string {
  return text.toLowerCase().replace(/^sha256:/, '');
}

/** GNU's are hexadecimal; Go's are not, and distinguish letters. */
function normalBuildId(text: string): string {
  return /^[0-9a-f]+$/i.test(text) ? text.toLowerCase() : text;
}

function* circumstanceTests({ os, promised, facts = {} }: Selector): Iterable<Matches> {
  if (os !== undefined) {
    // Called for every verdict of a target, one target after another.
    let last: Subject['target']['binaries'] | null = null;
    let isOf = false;
    yield ({ target, judged }) => {
      if (target.binaries !== last) {
        last = target.binaries;
        isOf = isOfSystem({ os, promised }, target);
      }
      return isOf && isItsManager(target.os?.id ?? '', factAt(judged, 'package.manager'));
    };
  }
  for (const [path, values] of Object.entries(facts))
    yield ({ judged }) => includes(values, factAt(judged, path));
}

/** Whether the target is of a system that is named, or none is. What it holds may still be no file of that system. */
export function isOfSystem(
  { os, promised }: { readonly [Key in 'os' | 'promised']?: Selector[Key] | undefined },
  target: TargetReport,
): boolean {
  if (os === undefined) return true;
  // Who names a profile takes the word of a package by itself.
  const isTaken = target.kind === 'package' && promised === 'as named';
  return matchesOs(os, isTaken ? target.os : systemOf(target));
}

function includes(values: readonly unknown[], value: unknown): boolean {
  return value !== undefined && values.includes(value);
}

function matchesOs(
  { id, from, before }: OsSelector,
  os: { readonly id: string; readonly versionId: string } | null,
): boolean {
  if (os === null || !id.includes(os.id)) return false;
  // A rolling release has no number, and what it promises is what the newest does.
  if (os.versionId === '') return before === undefined || isBeyondNewest(os.id, before);
  return (
    (from === undefined || compareReleases(os.versionId, from) >= 0) &&
    (before === undefined || compareReleases(os.versionId, before) < 0)
  );
}
