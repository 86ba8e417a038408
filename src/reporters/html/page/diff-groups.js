// Changes of files that others made are folded, a row for each component: a new base image changes thousands of them.
/** @import { Change, ChangeList } from '../../../diff/page-types.ts' */
/** @typedef {{ whose: string, items: Change[] }} Folded */
import { changeTable } from './diff-lists.js';
import { element } from './dom.js';
import { amount, visible } from './text.js';

/** @type {readonly string[]} */
const owners = ['dependency', 'distribution'];
/** @type {Readonly<Record<string, string>>} */
const ownerNames = { dependency: 'Dependency', distribution: 'Distribution' };

/** Yours and what counts, and the rest by component in the order of the list, dependencies first. */
/** @type {(items: readonly Change[], counting: ReadonlySet<Change>) => { own: Change[], folded: Folded[] }} */
export function partChanges(items, counting) {
  /** @type {(item: Change) => boolean} */
  const isAlone = (item) => !owners.includes(item.whose) || counting.has(item);
  /** @type {Map<string, Folded>} */
  const groups = new Map();
  for (const item of items) {
    if (isAlone(item)) continue;
    const { ecosystem, name } = item.component ?? { ecosystem: '', name: item.path };
    const key = JSON.stringify([item.whose, ecosystem, name]);
    const group = groups.get(key) ?? { whose: item.whose, items: [] };
    groups.set(key, group);
    group.items.push(item);
  }
  /** @type {(group: Folded) => number} */
  const rank = ({ whose }) => owners.indexOf(whose);
  return {
    own: items.filter(isAlone),
    folded: [...groups.values()].sort((a, b) => rank(a) - rank(b)),
  };
}

/** Closed until it is clicked, and filled only then. */
/** @type {(list: ChangeList, folded: readonly Folded[], severities: readonly string[]) => HTMLElement[]} */
export function foldedGroups(list, folded, severities) {
  return folded.map(({ whose, items }) => {
    const details = element(
      'details',
      { class: 'folded' },
      element(
        'summary',
        {},
        element('small', {}, ownerNames[whose] ?? ''),
        ' ',
        element('strong', {}, visible(items.slice(0, 1).map(componentName).join(''))),
        ` ${visible(contentsOf(items))}`,
      ),
    );
    const fill = () => {
      if (details.open && details.children.length === 1)
        details.append(changeTable(list, items, severities));
    };
    details.addEventListener('toggle', fill);
    return details;
  });
}

/** `npm bcrypt 5.1.0 to 6.0.0`; a file whose component is not known is named itself. */
/** @type {(change: Change) => string} */
function componentName({ component, path }) {
  if (component === null) return path;
  const { ecosystem, name, before, after } = component;
  const isOfSystem = ['apk', 'deb', 'rpm', 'alpm', 'generic'].includes(ecosystem);
  const versions = [...new Set([before, after])].filter(Boolean).join(' to ');
  return [isOfSystem ? '' : ecosystem, name, versions].filter(Boolean).join(' ');
}

/** @type {(items: readonly Change[]) => string} */
function contentsOf(items) {
  const byRule = new Map();
  for (const { rule } of items)
    if (rule !== undefined) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  if (byRule.size === 0) return amount(items.length, 'file');
  return [...byRule]
    .sort(([, a], [, b]) => b - a)
    .map(([rule, count]) => `${rule} ${count}`)
    .join(', ');
}
