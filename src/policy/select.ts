import { compileGlobs } from '../glob.ts';
import type { OsSelector, Selector } from './policy.ts';
import { compareReleases, systemOf } from './release.ts';
import {
  buildIdOf,
  dependencyOf,
  factAt,
  maintainerOf,
  originOf,
  packageOf,
  purlOf,
  type Subject,
  whoseOf,
} from './subject.ts';

/** Why a selector that matches nothing may be meant otherwise: a path of a report begins with a slash. */
export function whyNothing(selector: Selector): string {
  const bare = bareWord(selector);
  return bare === null ? 'it can be removed' : `paths begin with a slash: did you mean /${bare}`;
}

/** A glob of paths that lacks its slash; null where there is none. */
export function bareWord({ path = [] }: Selector): string | null {
  return path.find((glob) => /^[^/*{]/.test(glob)) ?? null;
}

export type Matches = (subject: Subject) => boolean;

/** Throws UsageError for a glob that makes no sense. */
export function compileSelector(selector: Selector): Matches {
  const tests = [
    // What says no to most files at once comes first.
    ...circumstanceTests(selector),
    ...identityTests(selector),
    ...placeTests(selector),
  ];
  return (subject) => tests.every((test) => test(subject));
}

function* placeTests({
  path,
  layer,
  whose,
  promised,
  purl,
  maintainer,
  package: packages,
}: Selector): Iterable<Matches> {
  if (path !== undefined) {
    const matches = compileGlobs(path);
    yield ({ judged }) => matches(judged.path) || judged.aliases.some(matches);
  }
  if (packages !== undefined) {
    const matches = compileGlobs(packages);
    yield (subject) => {
      return [packageOf(subject), dependencyOf(subject)].some(
        (name) => name !== null && matches(name),
      );
    };
  }
  if (purl !== undefined) {
    const matches = compileGlobs(purl);
    yield (subject) => {
      const found = purlOf(subject);
      return found !== null && spellingsOf(found).some(matches);
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
  if (whose !== undefined) yield (subject) => includes(whose, whoseOf(subject));
  if (promised !== undefined) yield (subject) => isPromised(subject, promised);
}

/** With and without version and qualifiers, as it is encoded and as people write it: `pkg:npm/@acme/native`. */
function spellingsOf(purl: string): readonly string[] {
  const bare = purl.replace(/@[^@/]*$/, '');
  return [purl, bare, ...[purl, bare].map((each) => each.replaceAll('%40', '@'))];
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

function* identityTests({ digest, buildId, kind, machine }: Selector): Iterable<Matches> {
  if (digest !== undefined) {
    const digests = digest.map((text) => text.toLowerCase().replace(/^sha256:/, ''));
    yield ({ judged: { sha256 } }) => sha256 !== null && digests.includes(sha256);
  }
  if (buildId !== undefined) yield (subject) => includes(buildId, buildIdOf(subject));
  if (kind !== undefined) yield ({ judged }) => includes(kind, factAt(judged, 'kind.kind'));
  if (machine !== undefined)
    yield ({ judged }) => includes(machine, factAt(judged, 'machine.name'));
}

function* circumstanceTests({ os, facts = {} }: Selector): Iterable<Matches> {
  if (os !== undefined) {
    // Asked for every verdict of a target, one target after another.
    let last: Subject['target']['binaries'] | null = null;
    let isOf = false;
    yield ({ target }) => {
      if (target.binaries !== last) {
        last = target.binaries;
        isOf = matchesOs(os, systemOf(target));
      }
      return isOf;
    };
  }
  for (const [path, values] of Object.entries(facts))
    yield ({ judged }) => includes(values, factAt(judged, path));
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
  if (os.versionId === '') return before === undefined;
  return (
    (from === undefined || compareReleases(os.versionId, from) >= 0) &&
    (before === undefined || compareReleases(os.versionId, before) < 0)
  );
}
