import { basename } from 'node:path';
import { amount } from '../../base/amount.ts';
import type { Problem } from '../../base/problem.ts';
import { printableName } from '../../base/text.ts';
import type { BinaryReport, Exclusion, TargetReport } from '../../report/report.ts';
import { createExclusions, firstOf } from '../exclusions.ts';

/**
 * Leaves out what a policy excludes. What the report itself left out is not in it: where the policy excludes less, a part of the
 * image was not judged.
 */
export function excludeAgain(target: TargetReport, globs: readonly string[]): TargetReport {
  const { excluded, exclusions: before = [] } = target;
  const gone = before.filter(({ glob, files }) => files > 0 && !globs.includes(glob));
  const { excludes, report } = createExclusions(globs);
  const left = target.binaries.map((binary) => ({
    binary,
    how: leftOut(target, binary, excludes),
  }));
  const dropped = left.filter(({ how }) => how !== null);
  const started = dropped.filter(({ binary: { path } }) => isOfStart(target, path));
  const exclusions = report().map(({ glob, files, paths = [] }) => {
    const known = before.find((each) => each.glob === glob);
    const all = files + (known?.files ?? 0);
    return { glob, files: all, ...firstOf([...(known?.paths ?? []), ...paths]) };
  });
  const { exclusions: _, counts, ...others } = target;
  return {
    ...others,
    binaries: left.flatMap(({ binary, how }) => (how === null ? [binary] : [])),
    problems: [
      ...target.problems,
      ...gone.map(goneProblem),
      ...started.map(({ binary: { path } }) => startProblem(path)),
    ],
    excluded: excluded + dropped.filter(({ how }) => how === 'itself').length,
    ...(exclusions.length === 0 ? {} : { exclusions }),
    counts,
  };
}

/** Without its files a scan cannot say whether the image starts; what a report says of it rests on them. */
function isOfStart({ image }: TargetReport, path: string): boolean {
  if (image === undefined) return false;
  const said = image.verdicts.flatMap(({ message, evidence }) => [
    message,
    ...evidence.map(({ saw }) => saw),
  ]);
  return image.path === path || said.some((text) => text.includes(path));
}

function startProblem(path: string): Problem {
  return {
    kind: 'missing',
    where: path,
    message: 'the policy excludes it, and the image starts by it: whether it starts needs a scan',
  };
}

/**
 * Whether the file itself is left out, or what it lies in, which is not counted. Another name may be a hard link, by which a
 * scan would judge the file anyway: it stays.
 */
function leftOut(
  target: TargetReport,
  { path, aliases }: Pick<BinaryReport, 'path' | 'aliases'>,
  excludes: (path: string) => boolean,
): 'itself' | 'around' | null {
  const inRoot = (name: string) => pathInRoot(target, name);
  const whole = inRoot(path);
  for (let at = whole.indexOf('!'); at >= 0; at = whole.indexOf('!', at + 1))
    if (excludes(whole.slice(0, at))) return 'around';
  return excludes(whole) && aliases.every((alias) => excludes(inRoot(alias))) ? 'itself' : null;
}

/** A file by itself is called as it was given, and lies in no folder for a glob. */
function pathInRoot({ kind, name }: TargetReport, path: string): string {
  const given = printableName(name);
  return kind === 'file' && path.startsWith(given)
    ? printableName(`/${basename(name)}`) + path.slice(given.length)
    : path;
}

function goneProblem({ glob, files }: Exclusion): Problem {
  return {
    kind: 'missing',
    where: glob,
    message: `the report leaves out ${amount(files, 'file')} by it, and this policy does not: they need a scan`,
  };
}
