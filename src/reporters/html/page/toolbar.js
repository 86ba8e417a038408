// Search, filters and order above the matrix.
import { layerTitle } from './charts.js';
import { nothingChosen } from './choice.js';
import { amountOfRows, glyphs, stateNames } from './data.js';
import { byId, element } from './dom.js';
import { visible } from './text.js';

const filters = ['whose', 'state', 'severity', 'rule', 'image', 'layer', 'package'];

export function createToolbar(report, choose) {
  fillOptions(report);
  byId('search').addEventListener('input', ({ target }) => choose({ q: target.value }));
  for (const name of [...filters, 'sort']) {
    byId(`filter-${name}`).addEventListener('change', ({ target }) =>
      choose({ [name]: target.value }),
    );
  }
  byId('clear').addEventListener('click', () => {
    const cleared = Object.fromEntries(
      ['q', ...filters].map((name) => [name, nothingChosen[name]]),
    );
    choose(cleared);
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
      byId('clear').hidden = ['q', ...filters].every(
        (name) => choice[name] === nothingChosen[name],
      );
      byId('nothing').hidden = shown > 0;
    },
    focusSearch: () => byId('search').select(),
  };
}

/** By whose a file is. */
const ownerNames = [
  ['yours', 'yours'],
  ['dependency', 'dependencies'],
  ['distribution', 'the distribution'],
];

function fillOptions({ rules, severities, targets, rows }) {
  const owners = [...new Set(rows.map(({ owner }) => owner))]
    .filter((owner) => owner !== null)
    .sort();
  const layers = Math.max(0, ...targets.map((target) => target.layers.length));
  const [first] = targets;
  const options = {
    whose: ownerNames.filter(([name]) => rows.some(({ whose }) => whose === name)),
    state: Object.entries(stateNames),
    severity: severities.map((name) => [name, name]),
    rule: rules.map(({ id }) => [id, id]).sort(([a], [b]) => (a < b ? -1 : 1)),
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
  for (const [name, values] of Object.entries(options)) {
    byId(`filter-${name}`).append(
      ...values.map(([value, text]) => element('option', { value: String(value) }, visible(text))),
    );
    byId(`filter-${name}`).closest('label').hidden = values.length === 0;
  }
}

/** An order by a rule comes from its heading, and is named here only while it holds. */
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

function legend({ severities }) {
  const failures = severities.map((name) => [`is-fail is-${name}`, name[0].toUpperCase(), name]);
  const others = Object.keys(glyphs)
    .filter((state) => state !== 'fail')
    .map((state) => [`is-${state}`, glyphs[state], stateNames[state]]);
  return [...failures, ...others].map(([look, glyph, name]) =>
    element(
      'span',
      { class: 'legend-item' },
      element('span', { class: `cell ${look}`, 'aria-hidden': 'true' }, glyph),
      name,
    ),
  );
}
