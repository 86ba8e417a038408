import { printableName } from '../base/text.ts';
import type { Root, RootEntry } from '../layers/root.ts';
import type { OtherProgram } from '../report/report.ts';
import type { PackageOwners } from '../root/packages/package-owners.ts';

const mostOthers = 5000;

/** Those of no package: another release may have had a program of its own in their place. */
export function otherProgramsIn(
  { otherPrograms, containers }: Root,
  owners: PackageOwners | undefined,
  excludes: (path: string) => boolean,
): readonly OtherProgram[] {
  const archives = new Set(containers.map(({ entry }) => entry.path));
  return (
    otherPrograms
      // One that was opened is judged, object by object.
      .filter((entry) => !(isStatic(entry) && archives.has(entry.path)))
      .filter((entry) => owners?.claims(entry) !== true && !excludes(entry.path))
      .slice(0, mostOthers)
      .map((entry) => ({ path: printableName(entry.path), is: kindOf(entry, archives) }))
  );
}

function kindOf(entry: RootEntry, archives: ReadonlySet<string>): OtherProgram['is'] {
  const { path, size, shebang } = entry;
  if (shebang !== null) return 'script';
  if (size !== 0 && isStatic(entry)) return 'static library';
  if (archives.has(path)) return 'archive';
  return size === 0 ? 'empty file' : 'other file';
}

function isStatic({ path }: RootEntry): boolean {
  return path.endsWith('.a');
}
