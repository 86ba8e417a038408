// On paper there is no scrolling: the findings of the binaries that are shown, as a table.
import { amountOfRows } from './data.js';
import { byId, element } from './dom.js';
import { amount, visible } from './text.js';

const mostRows = 5000;

/** `current` gives the rows of the moment, and the choice that left them. */
export function createPrintout(report, current) {
  addEventListener('beforeprint', () => {
    const { rows, choice } = current();
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

/** A page that leaves something out says so. */
function scopeOf(report, rows, choice) {
  const all = amountOfRows(report.rows);
  if (rows.length === report.rows.length) return `In ${all}.`;
  const chosen = ['q', 'state', 'severity', 'rule', 'image', 'layer', 'package']
    .filter((name) => choice[name] !== '')
    .map((name) => `${filterNames[name] ?? name} ${shownValue(report, name, choice[name])}`);
  return `In ${rows.length.toLocaleString('en')} of ${all}: ${chosen.join(', ')}.`;
}

const filterNames = { q: 'search', state: 'verdict' };

/** Images and layers are chosen by index. */
function shownValue({ targets }, name, value) {
  if (name === 'image') return visible(targets[value]?.name ?? value);
  return name === 'layer' ? String(Number(value) + 1) : visible(value);
}

function findingsOf({ rules, severities, strings }, rows) {
  const findings = rows.flatMap((row) =>
    row.cells.flatMap((verdict, column) =>
      verdict?.state === 'fail'
        ? [
            {
              row,
              rule: rules[column].id,
              severity: verdict.severity,
              message: strings[verdict.message],
            },
          ]
        : [],
    ),
  );
  return findings.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

function printedRow({ row, rule, severity, message }) {
  return element(
    'tr',
    {},
    ...[severity, rule, row.path, message].map((text) => element('td', {}, visible(text))),
  );
}
