import type { Identified } from './identified.ts';
import { createLastingPaths, type LastingPaths } from './lasting-path.ts';
import type { Matches, Step } from './matches.ts';
import { type Candidate, createMatching } from './matching.ts';

/**
 * Which binary of the new report is which of the old one. Each step takes what the steps before it left, and what proves
 * more comes first:
 *
 * 1. The path; then another name (a link) of one that is the path of the other, if no package says otherwise and both are alike (links.ts).
 * 2. The path without versions and hashes in any of its names, on one machine, if no package says otherwise. Where several versions lie together,
 *    each follows its own line (version-lines.ts). What has no line is unclear, and no later name joins it.
 * 3. The content, wherever it lies; then the build ID, where both import and require the same; then links again, without versions and hashes.
 * 4. In packages of one name: the path without any number, then the name of the file. One file of each side has it.
 * 5. The soname, then the name of the file, without versions, if one file of each side has it, and both are of one
 *    package or of none.
 * 6. The same where a package has it on one side, and none on the other: a release may put what it had by itself into a package.
 *
 * In steps 4 to 6 both must be alike: kind, language, what they need and import, about the size (alike.ts).
 * Each step is one pass over a map. What is left is removed and added. `lastingPathOf`: for callers who match the same paths again.
 */
export function matchBinaries(
  old: readonly Identified[],
  fresh: readonly Identified[],
  lastingPathOf: LastingPaths = createLastingPaths(),
): Matches {
  const matching = createMatching(old, fresh, lastingPathOf);
  matching.byPath();
  matching.byLinks();
  matching.byLines();
  matching.byCopies('content', ({ each }) => each.sha256);
  matching.byCopies(
    'build ID',
    ({ machine, each }) => keyFrom(machine, each.traits.kind ?? '', each.buildId),
    areOneBuild,
  );
  matching.byLinksWithoutVersions();
  for (const [step, keyOf] of lastSteps) matching.byOnlyOne(step, keyOf);
  for (const keyOf of [bySoname, byFileName]) matching.byOnlyOne(packaged, keyOf, isInOnePackage);
  return matching.result();
}

/** null: it has no such thing. */
type KeyOf = (candidate: Candidate) => string | null;

const lastSteps: readonly (readonly [Step, KeyOf])[] = [
  ['place in package', ({ machine, brought, place }) => keyFrom(machine, brought, place)],
  ['name in package', ({ machine, brought, lasting }) => keyFrom(machine, brought, lasting.file)],
  ['soname', ({ machine, brought, soname }) => keyFrom(machine, brought ?? '', soname)],
  ['file name', ({ machine, brought, lasting }) => keyFrom(machine, brought ?? '', lasting.file)],
];

/** Anybody can write a build ID. Files of one build import and require the same, stripped or not. What is not known does not object. */
function areOneBuild({ each: old }: Candidate, { each: fresh }: Candidate): boolean {
  const areSame = (one: readonly string[], other: readonly string[]) =>
    one.length === 0 ||
    other.length === 0 ||
    one.toSorted().join('\0') === other.toSorted().join('\0');
  return (
    areSame(old.traits.needed, fresh.traits.needed) &&
    areSame(old.traits.imports, fresh.traits.imports)
  );
}

const packaged: Step = 'file name, with a package on one side';
const bySoname: KeyOf = ({ machine, soname }) => keyFrom(machine, soname);
const byFileName: KeyOf = ({ machine, lasting }) => keyFrom(machine, lasting.file);

function isInOnePackage(old: Candidate, fresh: Candidate): boolean {
  return (old.brought === null) !== (fresh.brought === null);
}

function keyFrom(...parts: readonly (string | null)[]): string | null {
  return parts.includes(null) ? null : parts.join('\0');
}
