import { owners } from '../reporters/groups/groups-of.ts';
import type { BinaryChange, ChangedComponent } from './difference.ts';

/** What a person looks at together: the changes of one file, or those of all files of one component. */
export interface ChangeGroup<Change extends BinaryChange> {
  readonly whose: Change['whose'];
  /** null: of one file. */
  readonly component: ChangedComponent | null;
  /** In the order in which they were given; never empty. */
  readonly changes: readonly Change[];
}

/**
 * Yours by file, then dependencies, then the distribution, each by component. In each, what counts comes first, and else
 * the order of the list stays: the most severe comes first. What counts is listed by itself for any owner.
 */
export function groupChanges<Change extends BinaryChange>(
  changes: readonly Change[],
  counts: (change: Change) => boolean = () => false,
): readonly ChangeGroup<Change>[] {
  const groups = new Map<string, Growing<Change>>();
  const sorted = [...changes.filter(counts), ...changes.filter((change) => !counts(change))];
  for (const change of sorted) {
    const { whose } = change;
    const component = whose === 'yours' || counts(change) ? null : change.component;
    const key = component
      ? JSON.stringify([whose, component.ecosystem, component.name])
      : JSON.stringify([whose, change.path, change.from]);
    const group: Growing<Change> = groups.get(key) ?? { whose, component, changes: [] };
    groups.set(key, group);
    group.changes.push(change);
  }
  return [...groups.values()].toSorted((a, b) => owners.indexOf(a.whose) - owners.indexOf(b.whose));
}

type Growing<Change extends BinaryChange> = ChangeGroup<Change> & { readonly changes: Change[] };

/** `npm bcrypt 5.1.0 to 6.0.0`; a package of the distribution needs no name of its manager. */
export function componentText({ ecosystem, name, before, after }: ChangedComponent): string {
  const isOfSystem = ['apk', 'deb', 'rpm', 'alpm', 'generic'].includes(ecosystem);
  const versions = [...new Set([before, after])].filter((each) => each !== null && each !== '');
  return [isOfSystem ? '' : ecosystem, name, versions.join(' to ')].filter(Boolean).join(' ');
}
