// Reads the difference, and keeps page and address in step with what is selected.
/** @import { Change, ChangeList, DiffPayload, Selection } from '../../../diff/page-types.ts' */
/** @import { Folded } from './diff-groups.js' */

import { showCauses } from './causes.js';
import { nothingSelected, readSelection, selectChanges, writeSelection } from './diff-choice.js';
import { showCoverage } from './diff-coverage.js';
import { foldedGroups, partChanges } from './diff-groups.js';
import { changeTable, lists } from './diff-lists.js';
import { showDifference } from './diff-summary.js';
import { byId, element } from './dom.js';
import { amount, visible } from './text.js';
import { createThemeButton } from './theme.js';

/** Rows that are drawn at once: a new base image changes thousands of files. */
const step = 300;
/** @type {readonly ('severity' | 'rule' | 'package')[]} */
const filterNames = ['severity', 'rule', 'package'];

function startDiff() {
  /** @type {DiffPayload} */
  const difference = JSON.parse(byId('difference').textContent);
  let selection = readSelection(location.hash);
  let most = step;

  createThemeButton();
  showDifference(difference, selectAndGo);
  showCauses(difference.causes, (rule) => selectAndGo({ list: 'worse', rule }));
  showCoverage(difference, selectAndGo);
  createTabs();
  byId('search').addEventListener('input', () => select({ q: byId('search').value }));
  for (const name of filterNames) {
    const filter = byId(`filter-${name}`);
    filter.addEventListener('change', () => select({ [name]: filter.value }));
  }
  byId('clear').addEventListener('click', () => select({ ...nothingSelected, list: listOf().key }));
  byId('more').addEventListener('click', () => {
    most += step;
    show();
  });
  for (const event of ['popstate', 'hashchange']) addEventListener(event, reread);
  addEventListener('keydown', onKey);
  addEventListener('beforeprint', () => byId('printout').replaceChildren(...printed(difference)));
  addEventListener('afterprint', () => byId('printout').replaceChildren());
  show();

  /** The list of the address, else the first that has something. */
  /** @type {() => ChangeList} */
  function listOf() {
    return (
      lists.find(({ key }) => key === selection.list) ??
      lists.find(({ key }) => difference[key].length > 0) ??
      lists[0]
    );
  }

  function show() {
    const list = listOf();
    const items = difference[list.key];
    const shown = selectChanges(items, selection);
    fillFilters(items, difference.severities);
    showTabs(list);
    byId('search').value = selection.q;
    const isPlain = selection.q === '' && filterNames.every((name) => selection[name] === '');
    const { own, folded } = isPlain ? partsOf(list) : { own: shown, folded: [] };
    byId('list').replaceChildren(...tablesOf(list, own.slice(0, most), folded));
    byId('list').hidden = shown.length === 0;
    byId('nothing').hidden = shown.length > 0;
    byId('nothing').textContent =
      items.length === 0 ? 'There is none.' : 'Nothing is left by these filters.';
    byId('shown').textContent =
      shown.length === items.length
        ? items.length.toLocaleString('en')
        : `${shown.length.toLocaleString('en')} of ${items.length.toLocaleString('en')}`;
    byId('clear').hidden = isPlain;
    const left = own.length - most;
    byId('more').hidden = left <= 0;
    byId('more').textContent = `Show ${Math.min(left, step)} of ${left.toLocaleString('en')} more`;
  }

  /** What counts is only of the list of what became worse: the others have nothing that the gate asks. */
  /** @type {(list: ChangeList) => { own: Change[], folded: Folded[] }} */
  function partsOf(list) {
    const { worse, gate } = difference;
    const counting = list.key === 'worse' ? gate.breaking.flatMap((at) => worse[at] ?? []) : [];
    return partChanges(difference[list.key], new Set(counting));
  }

  /** @type {(list: ChangeList, own: readonly Change[], folded: readonly Folded[]) => HTMLElement[]} */
  function tablesOf(list, own, folded) {
    const { severities } = difference;
    return [
      ...(own.length > 0 ? [changeTable(list, own, severities)] : []),
      ...foldedGroups(list, folded, severities),
    ];
  }

  /** Only what the list has; a filter that chooses nothing of it stays as it is, and can be cleared. */
  /** @type {(items: readonly Change[], severities: readonly string[]) => void} */
  function fillFilters(items, severities) {
    const values = {
      severity: [...severities, 'unknown'].filter((name) =>
        items.some((item) => 'rule' in item && (item.severity ?? 'unknown') === name),
      ),
      rule: sortedNames(items, ({ rule }) => rule),
      package: sortedNames(items, ({ package: owner }) => owner ?? 'none'),
    };
    for (const name of filterNames) {
      const given = values[name];
      const wanted = selection[name];
      const all = wanted === '' || given.includes(wanted) ? given : [...given, wanted];
      const selectBox = byId(`filter-${name}`);
      selectBox.replaceChildren(
        ...[...selectBox.options].slice(0, 1),
        ...all.map((value) =>
          element('option', { value }, visible(value === 'none' ? 'no package' : value)),
        ),
      );
      selectBox.value = wanted;
      const label = selectBox.closest('label');
      if (label !== null) label.hidden = all.length < 2 && wanted === '';
    }
  }

  function createTabs() {
    byId('tabs').replaceChildren(
      ...lists.map(({ key, name }) =>
        element(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `tab-${key}`,
            'aria-controls': 'list',
            on: { click: () => select({ list: key }) },
          },
          `${name} `,
          element('span', { class: 'tab-count' }, difference[key].length.toLocaleString('en')),
        ),
      ),
    );
    byId('tabs').addEventListener('keydown', ({ key }) => {
      const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
      const next = lists[(lists.indexOf(listOf()) + by + lists.length) % lists.length];
      if (by === 0 || next === undefined) return;
      select({ list: next.key });
      byId(`tab-${next.key}`).focus();
    });
  }

  /** @type {(list: ChangeList) => void} */
  function showTabs(list) {
    for (const { key } of lists) {
      const tab = byId(`tab-${key}`);
      tab.setAttribute('aria-selected', String(key === list.key));
      tab.tabIndex = key === list.key ? 0 : -1;
    }
    byId('list').setAttribute('aria-labelledby', `tab-${list.key}`);
  }

  /** @type {(changed: Partial<Selection>) => void} */
  function select(changed) {
    selection = { ...selection, ...changed };
    most = step;
    history.replaceState(null, '', writeSelection(selection));
    show();
  }

  /** @type {(changed: Partial<Selection>) => void} */
  function selectAndGo(changed) {
    select({ ...nothingSelected, ...changed });
    byId('changes').scrollIntoView({ block: 'start' });
  }

  function reread() {
    selection = readSelection(location.hash);
    show();
  }

  /** @type {(event: KeyboardEvent) => void} */
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    const typing = target instanceof Element && target.matches('input, select, textarea');
    if (event.key === '/' && !typing) {
      event.preventDefault();
      byId('search').select();
    } else if (event.key === 'Escape' && target === byId('search')) select({ q: '' });
  }
}

/** @type {(items: readonly Change[], nameOfItem: (item: Change) => string | undefined) => string[]} */
function sortedNames(items, nameOfItem) {
  return [...new Set(items.map(nameOfItem))].filter((name) => name !== undefined).sort();
}

/** On paper every list is there, whatever is selected, as far as paper should go. */
const mostPrinted = 1000;

/** @type {(difference: DiffPayload) => (HTMLElement | string)[]} */
function printed(difference) {
  return lists
    .filter(({ key }) => difference[key].length > 0)
    .flatMap((list) => {
      const items = difference[list.key];
      return [
        element('h2', {}, `${list.name}: ${amount(items.length, 'change')}`),
        changeTable(list, items.slice(0, mostPrinted), difference.severities),
        items.length > mostPrinted
          ? element('p', {}, `and ${items.length - mostPrinted} more`)
          : '',
      ];
    });
}

startDiff();
