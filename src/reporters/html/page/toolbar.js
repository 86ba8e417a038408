// Search, filters and order above the matrix.
/** @import { Choice, Choose, PageReport } from '../page-types.ts' */
import { layerTitle } from './charts.js';
import { nothingChosen } from './choice.js';
import { amountOfRows, glyphs, stateNames } from './data.js';
import { byId, element } from './dom.js';
import { visible } from './text.js';

/** @typedef {'whose' | 'state' | 'severity' | 'rule' | 'image' | 'layer' | 'package'} Filter */
/** @type {readonly Filter[]} */
const filters = ['whose', 'state', 'severity', 'rule', 'image', 'layer', 'package'];

/** @type {readonly (Filter | 'q')[]} */
const searched = ['q', ...filters];

/** @type {(report: PageReport, choose: Choose) => { show: (choice: Choice, shown: number) => void, focusSearch: () => void }} */
export function createToolbar(report, choose) {
  fillOptions(report);
  byId('search').addEventListener('input', () => choose({ q: byId('search').value }));
  for (const name of [...filters, 'sort']) {
    const filter = byId(`filter-${name}`);
    filter.addEventListener('change', () => choose({ [name]: filter.value }));
  }
  byId('clear').addEventListener('click', () => {
    choose(Object.fromEntries(searched.map((name) => [name, nothingChosen[name]])));
  });
  byId('legend').replaceChildren(...legend(report));

  return {
    show(choice, shown) {
      if (byId('search').value !== choice.q) byId('search').value = choice.q;
      for (const name of filters) byId(`filter-${name}`).value = choice[name];
      showSort(choice.sort);
      const all = amountOfRows(report.rows);
      byId('shown').textContent =
        shown === report.rows.length ? all : `${shown.toLocaleString('en')} of ${all}`;
      byId('clear').hidden = searched.every((name) => choice[name] === nothingChosen[name]);
      byId('nothing').hidden = shown > 0;
    },
    focusSearch: () => byId('search').select(),
  };
}

/** By whose a file is. */
/** @type {readonly (readonly [string, string])[]} */
const ownerNames = [
  ['yours', 'yours'],
  ['dependency', 'dependencies'],
  ['distribution', 'the distribution'],
];

/** @type {(report: PageReport) => void} */
function fillOptions({ rules, severities, targets, rows }) {
  const owners = [...new Set(rows.map(({ owner }) => owner))]
    .filter((owner) => owner !== null)
    .sort();
  const layers = Math.max(0, ...targets.map((target) => target.layers.length));
  const [first] = targets;
  /** @type {Record<Filter, readonly (readonly (string | number | null)[])[]>} */
  const options = {
    whose: ownerNames.filter(([name]) => rows.some(({ whose }) => whose === name)),
    state: Object.entries(stateNames),
    severity: severities.map((name) => [name, name]),
    rule: rules
      .map(({ id }) => id)
      .sort()
      .map((id) => [id, id]),
    image:
      targets.length < 2
        ? []
        : targets.map(({ name, platform }, index) => [index, `${name} ${platform ?? ''}`]),
    layer:
      layers < 2
        ? []
        : Array.from({ length: layers }, (_, index) => [
            index,
            targets.length === 1 ? layerTitle(first, index).slice(0, 60) : `${index + 1}`,
          ]),
    package:
      owners.length === 0 ? [] : [...owners.map((owner) => [owner, owner]), ['none', 'no package']],
  };
  for (const name of filters) {
    const values = options[name];
    byId(`filter-${name}`).append(
      ...values.map(([value, text]) =>
        element('option', { value: String(value) }, visible(String(text))),
      ),
    );
    const label = byId(`filter-${name}`).closest('label');
    if (label !== null) label.hidden = values.length === 0;
  }
}

/** An order by a rule comes from its heading, and is named here only while it holds. */
/** @type {(sort: string) => void} */
function showSort(sort) {
  const select = byId('filter-sort');
  select.querySelector('[data-temporary]')?.remove();
  if (![...select.options].some(({ value }) => value === sort)) {
    const name = sort.replace(/^-?rule:/, '').replace(/^-/, '');
    select.append(
      element(
        'option',
        { value: sort, 'data-temporary': true },
        `${visible(name)}${sort.startsWith('-') ? ', reversed' : ''}`,
      ),
    );
  }
  select.value = sort;
}

/** @type {(report: PageReport) => HTMLElement[]} */
function legend({ severities }) {
  const failures = severities.map((name) => [
    `is-fail is-${name}`,
    name.slice(0, 1).toUpperCase(),
    name,
  ]);
  const names = new Map(Object.entries(stateNames));
  const others = Object.entries(glyphs)
    .filter(([state]) => state !== 'fail')
    .map(([state, glyph]) => [`is-${state}`, glyph, names.get(state) ?? state]);
  return [...failures, ...others].map(([look, glyph = '', name = '']) =>
    element(
      'span',
      { class: 'legend-item' },
      element('span', { class: `cell ${look}`, 'aria-hidden': 'true' }, glyph),
      name,
    ),
  );
}
