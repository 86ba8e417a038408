import { compileGlob } from '../../../base/glob.ts';
import type { Report } from '../../../report/report.ts';
import { nearOf } from '../../idle-claims.ts';
import { compileImages } from '../../image-name.ts';
import type { Policy, Selector } from '../../policy.ts';
import { compileSelector } from '../../select.ts';
import { type Subject, subjectsOf } from '../../subject.ts';
import type { ConfigNode, Position } from '../config-node.ts';
import { entriesOf, itemsOf, memberOf, textOf } from './in-node.ts';
import { type Remark, warning } from './remark.ts';

/** What the entries of a file select, in the order in which they stand there. */
export type Selecting = Pick<Policy, 'waivers' | 'dependencies' | 'yours'> & {
  readonly overrides: readonly Selector[];
};

/** Entries that select nothing in any of the reports, each with what is spelled most like it there. */
export function againstReports(
  node: ConfigNode,
  policy: Selecting,
  reports: readonly Report[],
): readonly Remark[] {
  const subjects = reports.flatMap(({ targets }) => targets.flatMap(subjectsOf));
  const selected = (where: Selector, of: 'verdict' | 'claim' = 'verdict') => {
    const matches = compileSelector(where, of);
    return subjects.filter((subject) => matches(subject));
  };
  const nothing = (entry: ConfigNode, where: Selector, of?: 'verdict' | 'claim') =>
    selected(where, of).length === 0 ? [idle(entry.at, where, subjects)] : [];
  return [
    ...entriesOf(node, 'waivers').flatMap((entry, at) => {
      const waiver = policy.waivers[at];
      if (waiver === undefined) return [];
      const found = selected(waiver.where);
      if (found.length === 0) return [idle(entry.at, waiver.where, subjects)];
      return hasFinding(entry, found)
        ? []
        : [warning(entry.at, 'unmatched', noFinding(found.length))];
    }),
    ...entriesOf(node, 'overrides').flatMap((entry, at) =>
      nothing(entry, policy.overrides[at] ?? {}),
    ),
    ...entriesOf(node, 'dependencies').flatMap((entry, at) =>
      nothing(entry, policy.dependencies[at]?.where ?? {}),
    ),
    ...entriesOf(node, 'yours').flatMap((entry, at) =>
      nothing(entry, policy.yours[at]?.where ?? {}, 'claim'),
    ),
    ...['images', 'overrides', 'waivers'].flatMap((name) =>
      entriesOf(node, name).flatMap((entry) => unnamedImages(entry, name, reports)),
    ),
    ...itemsOf(memberOf(node, 'exclude')).flatMap((item) => exclusion(item, subjects)),
  ];
}

/** Of a list, one name that is right hides none that is wrong. An entry with one name is looked at as a whole. */
function unnamedImages(
  entry: ConfigNode,
  setting: string,
  reports: readonly Report[],
): readonly Remark[] {
  const items = itemsOf(memberOf(entry, 'image'));
  if (items.length < 2 && setting !== 'images') return [];
  return items.flatMap((item) => {
    const glob = textOf(item);
    if (glob === null) return [];
    const matches = compileImages([glob]);
    return reports.some(({ targets }) => targets.some(matches))
      ? []
      : [
          warning(
            item.at,
            'unmatched',
            `${JSON.stringify(glob)} is the name of no image of the reports`,
          ),
        ];
  });
}

function idle(at: Position, where: Selector, subjects: readonly Subject[]): Remark {
  const near = nearOf(where, subjects);
  const hint = near === null ? '' : `; did you mean ${near}?`;
  return warning(at, 'unmatched', `this selects no file of the reports${hint}`);
}

/** Of one of its rules, whether or not the report counts it. */
function hasFinding(entry: ConfigNode, found: readonly Subject[]): boolean {
  const rules = [...itemsOf(memberOf(entry, 'rule')), ...itemsOf(memberOf(entry, 'rules'))].map(
    textOf,
  );
  return found.some(({ judged }) =>
    judged.verdicts.some(
      ({ rule, outcome }) => rules.includes(rule) && (outcome === 'fail' || outcome === 'unknown'),
    ),
  );
}

function noFinding(files: number): string {
  return `this selects ${files === 1 ? 'one file' : `${files} files`} of the reports, and no finding of the rule is there`;
}

/** Files that a scan left out are in no report, so a glob that did its work selects nothing there either. */
function exclusion(item: ConfigNode, subjects: readonly Subject[]): readonly Remark[] {
  const glob = textOf(item);
  if (glob === null) return [];
  const matches = compileGlob(glob);
  if (subjects.some(({ judged: { path, aliases } }) => matches(path) || aliases.some(matches)))
    return [];
  const near = nearOf({ path: [glob] }, subjects);
  const hint = near === null ? '' : `; did you mean ${near}?`;
  return [
    warning(
      item.at,
      'unmatched',
      `this leaves out no file of the reports, unless they were made with it${hint}`,
    ),
  ];
}
