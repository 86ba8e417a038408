// On paper there is no scrolling: the findings of the binaries that are shown, as a table.
/** @import { Choice, PageReport, Row } from '../page-types.ts' */
/** @typedef {{ row: Row, rule: string, severity: string, message: string }} Printed */
import { amountOfRows } from './data.js';
import { byId, element } from './dom.js';
import { amount, visible } from './text.js';

const mostRows = 5000;

/** `current` gives the rows of the moment, and the choice that left them. */
/** @type {(report: PageReport, current: () => { rows: readonly Row[], choice: Choice }) => void} */
export function createPrintout(report, current) {
  addEventListener('beforeprint', () => {
    const { rows: shown, choice } = current();
    const rows = isWhole(report, shown) ? shown.filter(isChangeable) : shown;
    const findings = findingsOf(report, rows);
    byId('printout').replaceChildren(
      element('h2', {}, amount(findings.length, 'finding')),
      element('p', {}, scopeOf(report, rows, choice)),
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...['Severity', 'Rule', 'Binary', 'What'].map((name) => element('th', {}, name)),
          ),
        ),
        element('tbody', {}, ...findings.slice(0, mostRows).map(printedRow)),
      ),
      findings.length > mostRows
        ? element('p', {}, `and ${amount(findings.length - mostRows, 'less severe one')}`)
        : '',
    );
  });
  addEventListener('afterprint', () => byId('printout').replaceChildren());
}

/** Without a filter the distribution's files are left out, as on the first screen. */
/** @type {(row: Row) => boolean} */
function isChangeable({ whose }) {
  return whose !== 'distribution';
}

/** @type {(report: PageReport, shown: readonly Row[]) => boolean} */
function isWhole({ rows }, shown) {
  return rows.length === shown.length;
}

/** A page that leaves something out says so. */
/** @type {(report: PageReport, rows: readonly Row[], choice: Choice) => string} */
function scopeOf(report, rows, choice) {
  const all = amountOfRows(report.rows);
  if (isWhole(report, rows)) return `In ${all}.`;
  const chosen = filtersOfChoice
    .filter((name) => choice[name] !== '')
    .map((name) => `${filterNames[name] ?? name} ${shownValue(report, name, choice[name])}`);
  const which = chosen.length === 0 ? 'without the distribution' : chosen.join(', ');
  return `In ${rows.length.toLocaleString('en')} of ${all}: ${which}.`;
}

/** @type {readonly (keyof Choice)[]} */
const filtersOfChoice = ['q', 'whose', 'state', 'severity', 'rule', 'image', 'layer', 'package'];

/** @type {Readonly<Record<string, string>>} */
const filterNames = { q: 'search', state: 'verdict' };

/** Images and layers are chosen by index. */
/** @type {(report: PageReport, name: string, value: string) => string} */
function shownValue({ targets }, name, value) {
  if (name === 'image') return visible(targets[Number(value)]?.name ?? value);
  return name === 'layer' ? String(Number(value) + 1) : visible(value);
}

/** @type {(report: PageReport, rows: readonly Row[]) => Printed[]} */
function findingsOf({ rules, severities, strings }, rows) {
  const findings = rows.flatMap((row) =>
    row.cells.flatMap((verdict, column) =>
      verdict?.state === 'fail'
        ? [
            {
              row,
              rule: rules[column]?.id ?? '',
              severity: verdict.severity,
              message: strings[verdict.message] ?? '',
            },
          ]
        : [],
    ),
  );
  return findings.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

/** @type {(finding: Printed) => HTMLElement} */
function printedRow({ row, rule, severity, message }) {
  return element(
    'tr',
    {},
    ...[severity, rule, row.path, message].map((text) => element('td', {}, visible(text))),
  );
}
