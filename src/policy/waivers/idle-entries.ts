import type { FixedFinding, TargetReport } from '../../report/report.ts';
import { idleLists } from '../own-lists.ts';
import type { LevelChange, Policy, Selector } from '../policy.ts';
import { bareWord, whyNothing } from '../select.ts';
import { selectorText } from '../selector-words.ts';
import { subjectsOf } from '../subject.ts';
import type { IdleEntry } from './idle-waivers.ts';
import { indexSelectors } from './selector-index.ts';
import { type Whole, wholeOf } from './whole.ts';

/** Levels and lists for some files, and globs that leave files out, which met no file where that is certain. */
export function idleEntries(
  targets: readonly TargetReport[],
  { levels, lists }: Pick<Policy, 'levels' | 'lists'>,
): readonly IdleEntry[] {
  const overrides = overridesIn(levels);
  const exclusions = targets.flatMap((target) => target.exclusions ?? []);
  if (overrides.length + exclusions.length === 0 && lists === undefined) return [];
  const whole = wholeOf(targets);
  return [
    ...idleOverrides(targets, overrides, whole),
    ...(lists === undefined ? [] : listsFor(targets, { lists }, whole)),
    ...idleExclusions(targets, whole),
  ];
}

/** Entries of a baseline whose findings are gone. The report lists them anyway. */
export function idleOfBaseline(fixed: readonly FixedFinding[]): readonly IdleEntry[] {
  return fixed.map(({ rule, path, how }) => ({
    kind: 'baseline-unused',
    what: `the entry of ${rule} at ${path} in the baseline`,
    because: how === 'fixed' ? 'is fixed' : 'is of a file that is gone',
  }));
}

interface Override {
  readonly rules: readonly string[];
  readonly where: Selector;
}

/** Settings of several rules for the same files are one override. One for all files is met by any. */
function overridesIn(levels: readonly LevelChange[]): readonly Override[] {
  const byWhere = new Map<Selector, string[]>();
  for (const { rule, where, by } of levels) {
    if (by !== 'configuration' || Object.keys(where).length === 0) continue;
    const rules = byWhere.get(where);
    if (rules === undefined) byWhere.set(where, [rule]);
    else rules.push(rule);
  }
  return [...byWhere].map(([where, rules]) => ({ where, rules }));
}

function idleOverrides(
  targets: readonly TargetReport[],
  overrides: readonly Override[],
  whole: Whole,
): readonly IdleEntry[] {
  if (overrides.length === 0) return [];
  const index = indexSelectors(overrides, { whereOf: ({ where }) => where, groupOf: () => '' });
  const met = new Set<number>();
  for (const subject of targets.flatMap(subjectsOf))
    for (const { place } of index.matching(subject, '')) met.add(place);
  return overrides.flatMap(({ where, rules }, place) => {
    // What the base image brought is a question of its own, which has a warning.
    if (met.has(place) || where.layer !== undefined) return [];
    const judged = whole.among(where.image).judges(null, where.path);
    if (judged === null) return [];
    const otherwise =
      judged === 'all' ? undefined : 'if it is for another image, name that image in it';
    const because = `matches no file: ${whyNothing(where, otherwise)}`;
    return [
      {
        kind: 'override-unused',
        what: `the override of ${rules.join(', ')} for ${selectorText(where)}`,
        because,
      },
    ];
  });
}

/** Lists are for every image, so nobody can say that an entry is of no use in another one. */
function listsFor(
  targets: readonly TargetReport[],
  policy: Pick<Policy, 'lists'>,
  whole: Whole,
): readonly IdleEntry[] {
  const binaries = targets.flatMap((target) => target.binaries);
  return idleLists(policy, binaries)
    .filter(({ where }) => whole.among(undefined).judges(null, where.path) !== null)
    .map(({ list, origin, where }) => {
      const bare = bareWord(where);
      return {
        kind: 'list-unused',
        what: `the entry of ${list} at ${origin} for ${selectorText(where)}`,
        because: bare === null ? 'matches no file here' : `matches no file: ${whyNothing(where)}`,
      };
    });
}

function idleExclusions(targets: readonly TargetReport[], whole: Whole): readonly IdleEntry[] {
  // Files that are left out are what this is about.
  const isWhole = targets.every(({ otherPlatforms = [] }) => otherPlatforms.length === 0);
  if (!isWhole || !whole.isRead) return [];
  const counts = new Map<string, number>();
  for (const { glob, files } of targets.flatMap(({ exclusions = [] }) => exclusions))
    counts.set(glob, (counts.get(glob) ?? 0) + files);
  return [...counts]
    .filter(([, files]) => files === 0)
    .map(([glob]) => ({
      kind: 'exclude-unused',
      what: `exclude: ${glob}`,
      because: 'leaves out nothing here',
    }));
}
