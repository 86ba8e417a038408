// On paper there is no scrolling: the findings of the binaries that are shown, as a table.
import { byId, element } from './dom.js';
import { amount, visible } from './text.js';

const mostRows = 5000;

/** `shownRows` gives the rows of the moment. */
export function createPrintout(report, shownRows) {
  addEventListener('beforeprint', () => {
    const findings = findingsOf(report, shownRows());
    byId('printout').replaceChildren(
      element('h2', {}, amount(findings.length, 'finding')),
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
        ? element('p', {}, `and ${findings.length - mostRows} less severe`)
        : '',
    );
  });
  addEventListener('afterprint', () => byId('printout').replaceChildren());
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
