// What of a difference is looked at. It lives in the address, so that it can be sent on.
/** @import { Change, Selection } from '../../../diff/page-types.ts' */

/** @type {Selection} */
export const nothingSelected = { list: '', q: '', severity: '', rule: '', package: '' };

/** @type {readonly (keyof Selection)[]} */
const selectionKeys = ['list', 'q', 'severity', 'rule', 'package'];

/** The selection of an address such as `#list=better&q=lib`. What is not ours is left out. */
/** @type {(hash: string) => Selection} */
export function readSelection(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const selection = { ...nothingSelected };
  for (const key of selectionKeys) selection[key] = given.get(key) ?? nothingSelected[key];
  return selection;
}

/** @type {(selection: Selection) => string} */
export function writeSelection(selection) {
  const chosen = selectionKeys.filter((key) => selection[key] !== nothingSelected[key]);
  return `#${new URLSearchParams(chosen.map((key) => [key, selection[key]]))}`;
}

/** The items that have every word of the search, and the severity, rule and package. */
/** @type {(items: readonly Change[], selection: Selection) => Change[]} */
export function selectChanges(items, { q, severity, rule, package: owner }) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(
    (item) =>
      (severity === '' || (item.severity ?? 'unknown') === severity) &&
      (rule === '' || item.rule === rule) &&
      (owner === '' || (item.package ?? 'none') === owner) &&
      words.every((word) => haystackOf(item).includes(word)),
  );
}

/** @type {(item: Change) => string} */
function haystackOf({ path, from, package: owner, layer, rule = '', was, is }) {
  const said = [was, is].map((side) => side?.message ?? '');
  return [path, from, owner, layer, rule, ...said].join('\n').toLowerCase();
}
