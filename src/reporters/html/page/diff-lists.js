// The lists of a difference, each a table: of verdicts with the old side next to the new one.
/** @import { Change, ChangeList, Said } from '../../../diff/page-types.ts' */

import { stateNames } from './data.js';
import { element } from './dom.js';
import { visible } from './text.js';

/** Key in the data, name of the tab, and whether its items are verdicts. */
/** @type {readonly [ChangeList, ...ChangeList[]]} */
export const lists = [
  { key: 'worse', name: 'Worse', verdicts: true },
  { key: 'better', name: 'Better', verdicts: true },
  { key: 'neutral', name: 'Neutral', verdicts: true },
  { key: 'unseen', name: 'Not seen', verdicts: true },
  { key: 'byPolicy', name: 'By policy', verdicts: true },
  { key: 'added', name: 'Added', verdicts: false },
  { key: 'removed', name: 'Removed', verdicts: false },
  { key: 'changed', name: 'Changed', verdicts: false },
];

const verdictHeads = ['Rule', 'Binary', 'Old', 'New'];
const binaryHeads = ['Binary', 'Package', 'Layer'];

/** @type {(list: Pick<ChangeList, "verdicts">, items: readonly Change[], severities: readonly string[]) => HTMLElement} */
export function changeTable({ verdicts }, items, severities) {
  const heads = verdicts ? verdictHeads : binaryHeads;
  /** @type {(item: Change) => HTMLElement} */
  const rowOf = verdicts ? (item) => verdictRow(item, severities) : binaryRow;
  return element(
    'table',
    { class: `change-table ${verdicts ? 'of-verdicts' : 'of-binaries'}` },
    element(
      'thead',
      {},
      element('tr', {}, ...heads.map((name) => element('th', { scope: 'col' }, name))),
    ),
    element('tbody', {}, ...items.map(rowOf)),
  );
}

/** @type {(change: Change, severities: readonly string[]) => HTMLElement} */
function verdictRow({ before = null, after = null, rule = '', was, is, ...change }, severities) {
  return element(
    'tr',
    {},
    element('td', { class: 'rule' }, visible(rule)),
    element('td', {}, ...nameOf(change), ownerLine(change)),
    element('td', { class: 'side-old' }, standing(before, 'not there', severities), ...saidBy(was)),
    element('td', { class: 'side-new' }, standing(after, 'gone', severities), ...saidBy(is)),
  );
}

/** What a side says, and below it what it rests on. */
/** @type {(said: Said | null | undefined) => HTMLElement[]} */
function saidBy(said) {
  if (said == null) return [];
  const { message, seen } = said;
  return [
    element('p', { class: 'what' }, visible(message)),
    ...(seen.length === 0 ? [] : [element('ul', { class: 'seen' }, ...seen.map(seenLine))]),
  ];
}

/** @type {(seen: readonly string[]) => HTMLElement} */
function seenLine([what = '', saw = '', offset]) {
  const at = offset === undefined ? [] : [` at ${visible(offset)}`];
  return element('li', {}, `${visible(what)}: `, element('code', {}, visible(saw)), ...at);
}

/** @type {(change: Change) => HTMLElement} */
function binaryRow({ package: owner, layer, ...change }) {
  return element(
    'tr',
    {},
    element('td', {}, ...nameOf(change)),
    element('td', { class: 'owner' }, owner === null ? 'no package' : visible(owner)),
    element('td', { class: 'owner', title: visible(layer) }, visible(shortLayer(layer))),
  );
}

/** The folder is dim: the last name is what a reader looks for. */
/** @type {(change: Pick<Change, "path" | "from">) => HTMLElement[]} */
function nameOf({ path, from }) {
  const at = path.lastIndexOf('/') + 1;
  return [
    element(
      'code',
      { class: 'path' },
      element('span', { class: 'folder' }, visible(path.slice(0, at))),
      visible(path.slice(at)),
    ),
    ...(from === null ? [] : [element('small', {}, 'was ', element('code', {}, visible(from)))]),
  ];
}

/** @type {(change: Pick<Change, "package" | "layer">) => HTMLElement} */
function ownerLine({ package: owner, layer }) {
  return element('small', {}, visible(owner ?? shortLayer(layer)));
}

/** `layer sha256:` and twelve digits; `layer 2` as it is. */
/** @type {(layer: string) => string} */
function shortLayer(layer) {
  return layer.startsWith('sha256:') ? `layer ${layer.slice(0, 'sha256:'.length + 12)}` : layer;
}

/** @type {Readonly<Record<string, string>>} */
const glyphsOfStandings = {
  unknown: '?',
  pass: '✓',
  'not-applicable': '·',
  waived: 'w',
  known: 'b',
};

/** A letter and a word: colour is never the only sign. */
/** @type {(name: string | null, absent: string, severities: readonly string[]) => HTMLElement} */
function standing(name, absent, severities) {
  if (name === null)
    return element('span', { class: 'standing' }, cell('is-absent', '–'), element('b', {}, absent));
  const isFailure = severities.includes(name);
  const look = isFailure ? `is-fail is-${name}` : `is-${name === 'known' ? 'baselined' : name}`;
  const glyph = isFailure ? name.slice(0, 1).toUpperCase() : (glyphsOfStandings[name] ?? '?');
  const word = isFailure ? name : wordOf(name);
  return element('span', { class: 'standing' }, cell(look, glyph), element('b', {}, visible(word)));
}

/** @type {(name: string) => string} */
function wordOf(name) {
  const names = new Map(Object.entries(stateNames));
  return names.get(name === 'known' ? 'baselined' : name) ?? name;
}

/** @type {(look: string, glyph: string) => HTMLElement} */
function cell(look, glyph) {
  return element('span', { class: `cell ${look}`, 'aria-hidden': 'true' }, glyph);
}
