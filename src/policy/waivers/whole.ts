import { compileGlobs } from '../../base/glob.ts';
import { oncePer } from '../../base/once-per.ts';
import { isIncomplete } from '../../base/problem.ts';
import { judgedOf } from '../../report/all-judged.ts';
import type { TargetReport } from '../../report/report.ts';
import { compileImages } from '../image-name.ts';

/** What a run can say of entries of a policy that did nothing in it. */
export interface Whole {
  /** Whether all that was given was read. */
  readonly isRead: boolean;
  /** The images of these names that are here. Absent: all of them. */
  among(image: readonly string[] | undefined): Images;
}

export interface Images {
  readonly isEmpty: boolean;
  /** Files are left out, so that what `judges` says differs by path. */
  readonly isByPath: boolean;
  /**
   * Whether the run judged by this rule (null: by any) all that may be at these paths (absent: at any): `all`, or as far as the
   * images go that it was given (`here`), where none is named. null: some of it was not read, not judged or left out, so that
   * nothing can be said.
   */
  judges(rule: string | null, path: readonly string[] | undefined): 'all' | 'here' | null;
}

/** Waivers, overrides and exclusions ask it of the same targets, and it looks at every verdict of them. */
export const wholeOf = oncePer((targets: readonly TargetReport[]): Whole => {
  const known = targets.map((target) => ({
    target,
    rules: rulesIn(target),
    isWhole: isWhole(target),
    leavesOut: leftOut(target),
  }));
  return {
    isRead: targets.length > 0 && targets.every(({ problems }) => !problems.some(isIncomplete)),
    among(image) {
      const isMeant = image === undefined ? () => true : compileImages(image);
      const meant = known.filter(({ target }) => isMeant(target));
      const answerTo = (rule: string | null, path: readonly string[] | undefined) => {
        for (const { isWhole: isRead, rules, leavesOut } of meant) {
          const isJudged = rule === null ? rules.size > 0 : rules.has(rule);
          if (!isRead || !isJudged || leavesOut(path)) return null;
        }
        if (meant.length === 0) return null;
        return image === undefined ? 'here' : 'all';
      };
      // Of thousands of entries most have the same answer, unless files are left out.
      const isByPath = meant.some(
        ({ target: { excluded, exclusions = [] } }) => excluded + exclusions.length > 0,
      );
      const answers = new Map<string | null, 'all' | 'here' | null>();
      return {
        isEmpty: meant.length === 0,
        isByPath,
        judges(rule, path) {
          const before = answers.get(rule);
          if (before !== undefined && !isByPath) return before;
          const answer = answerTo(rule, path);
          answers.set(rule, answer);
          return answer;
        },
      };
    },
  };
});

/** Of one of several platforms a waiver may be for another one. */
function isWhole({ problems, otherPlatforms = [] }: TargetReport): boolean {
  return otherPlatforms.length === 0 && !problems.some(isIncomplete);
}

/** Those that gave a verdict: not what a level took away everywhere, which nothing was asked of. */
function rulesIn(target: TargetReport): ReadonlySet<string> {
  const rules = new Set<string>();
  for (const { verdicts } of judgedOf(target)) for (const { rule } of verdicts) rules.add(rule);
  return rules;
}

/** Whether files that these globs may mean were left out. */
function leftOut({
  excluded,
  exclusions = [],
}: TargetReport): (path: readonly string[] | undefined) => boolean {
  const used = exclusions.filter(({ files }) => files > 0).map(({ glob }) => glob);
  // A report of an older version does not say by what.
  if (used.length === 0) return () => excluded > 0;
  const matches = compileGlobs(used);
  return (path) =>
    path === undefined || path.some((glob) => !/^\/[^*?[\]{}\\]+$/.test(glob) || matches(glob));
}
