// Reads the report, and keeps page and address in step with what is chosen.
/** @import { Choice, Row } from '../page-types.ts' */
/** @import { PageReport } from '../page-types.ts' */
import { showCauses } from './causes.js';
import { showCharts } from './charts.js';
import { isChosen, readChoice, writeChoice } from './choice.js';
import { amountOfRows, readReport } from './data.js';
import { byId } from './dom.js';
import { showFirst } from './first.js';
import { createMatrix } from './matrix.js';
import { createPanel } from './panel.js';
import { createPrintout } from './print.js';
import { selectRows } from './select-rows.js';
import { showSummary } from './summary.js';
import { amount } from './text.js';
import { createThemeButton } from './theme.js';
import { createToolbar } from './toolbar.js';

function start() {
  const report = readReport(byId('report').textContent);
  let choice = readChoice(location.hash);
  /** @type {Row[]} */
  let shown = [];
  /** @type {string | null} */
  let chartsOf = null;

  const toolbar = createToolbar(report, choose);
  const matrix = createMatrix(report, { onOpen: openBinary, onSort: sortBy });
  const panel = createPanel(report, {
    onClose: closePanel,
    onStep: step,
    onOpenRule: (open) => change({ open }),
  });
  createThemeButton();
  createPrintout(report, () => ({ rows: shown, choice }));
  showSummary(report, chooseAndGo);
  showCauses(report.causes ?? [], (rule) => chooseAndGo({ rule, state: '' }));
  showFirst(report, { open: openPath, show: chooseAndGo });
  const everything = byId('everything');
  byId('everything-title').textContent = titleOfEverything(report);
  // Where the first screen has nothing to say, the rest is the page.
  everything.open = (report.first ?? []).length === 0 || isChosen(choice);
  everything.addEventListener('toggle', show);
  byId('tool').textContent = `hullcheck ${report.tool.version}`;
  addEventListener('popstate', reread);
  addEventListener('hashchange', reread);
  addEventListener('keydown', onKey);
  show();

  function show() {
    shown = selectRows(report, choice);
    toolbar.show(choice, shown.length);
    matrix.show(shown, choice.sort, choice.binary);
    showChartsOf(choice.image);
    const row = openRow();
    if (row === undefined) panel.hide();
    else panel.show(row, choice.open);
  }

  /** The charts show one image, or all of them. */
  /** @type {(image: string) => void} */
  function showChartsOf(image) {
    if (chartsOf === image) return;
    chartsOf = image;
    const rows =
      image === '' ? report.rows : report.rows.filter(({ target }) => target === Number(image));
    showCharts(report, rows, chooseAndGo);
  }

  /** @type {() => Row | undefined} */
  function openRow() {
    if (choice.binary === '') return undefined;
    return report.rows.find(
      ({ path, target }) =>
        path === choice.binary && (choice.in === '' || target === Number(choice.in)),
    );
  }

  /** Writes the address without a step in the history. */
  /** @type {(changed: Partial<Choice>) => void} */
  function change(changed) {
    choice = { ...choice, ...changed };
    history.replaceState(null, '', writeChoice(choice));
  }

  /** @type {(changed: Partial<Choice>) => void} */
  function choose(changed) {
    change(changed);
    show();
  }

  /** @type {(changed: Partial<Choice>) => void} */
  function chooseAndGo(changed) {
    everything.open = true;
    choose(changed);
    byId('binaries').scrollIntoView({ block: 'start' });
  }

  /** @type {(name: string) => void} */
  function sortBy(name) {
    choose({ sort: choice.sort === name ? `-${name}` : name });
  }

  /** Back closes the panel again. */
  /** @type {(row: Row, rule: string) => void} */
  function openBinary(row, rule) {
    const wasOpen = panel.isOpen();
    choice = {
      ...choice,
      binary: row.path,
      in: report.targets.length > 1 ? String(row.target) : '',
      open: rule,
    };
    history[wasOpen ? 'replaceState' : 'pushState'](null, '', writeChoice(choice));
    show();
  }

  /** @type {(target: number, path: string) => void} */
  function openPath(target, path) {
    const row = report.rows.find((one) => one.path === path && one.target === target);
    if (row !== undefined) openBinary(row, '');
  }

  function closePanel() {
    choose({ binary: '', in: '', open: '' });
    if (everything.open) matrix.focus();
  }

  /** @type {(by: number) => void} */
  function step(by) {
    const row = openRow();
    const next = shown[(row === undefined ? -1 : shown.indexOf(row)) + by];
    if (next !== undefined) openBinary(next, choice.open);
  }

  function reread() {
    choice = readChoice(location.hash);
    if (isChosen(choice)) everything.open = true;
    show();
  }

  /** @type {(event: KeyboardEvent) => void} */
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    const typing = target instanceof Element && target.matches('input, select, textarea');
    if (event.key === '/' && !typing) {
      event.preventDefault();
      everything.open = true;
      toolbar.focusSearch();
    } else if (event.key === 'Escape' && panel.isOpen()) closePanel();
    else if (event.key === 'Escape' && target === byId('search')) choose({ q: '' });
  }
}

/** @type {(report: Pick<PageReport, "rows" | "rules">) => string} */
function titleOfEverything({ rows, rules }) {
  return `Everything: ${amountOfRows(rows)} by ${amount(rules.length, 'rule')}`;
}

start();
