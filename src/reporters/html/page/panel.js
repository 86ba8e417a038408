// The side panel: everything that the report says of one binary.
/** @import { PageReport, PageVerdict, Row } from '../page-types.ts' */
import { layerTitle } from './charts.js';
import { stateOrder } from './data.js';
import { byId, element } from './dom.js';
import { fileSize, visible } from './text.js';
import { verdictDetails } from './verdict-details.js';

/** `onStep(1)` is the next binary of those that are shown, `onOpenRule` the rule that is looked at. */
/** @type {(report: PageReport, on: { onClose: () => void, onStep: (by: number) => void, onOpenRule: (rule: string) => void }) => { show: (row: Row, rule: string) => void, hide: () => void, isOpen: () => boolean }} */
export function createPanel(report, { onClose, onStep, onOpenRule }) {
  const panel = byId('panel');
  byId('panel-close').addEventListener('click', onClose);
  byId('panel-next').addEventListener('click', () => onStep(1));
  byId('panel-previous').addEventListener('click', () => onStep(-1));
  panel.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') onClose();
  });
  /** @type {Row | null} */
  let shown = null;

  /** @type {(row: Row, rule: string) => void} */
  function show(row, rule) {
    const opened = panel.hidden;
    panel.hidden = false;
    if (shown !== row) {
      shown = row;
      byId('panel-title').textContent = visible(row.path);
      byId('panel-body').replaceChildren(
        aboutBinary(report, row),
        ...verdictList(report, row, onOpenRule),
      );
      byId('panel-body').scrollTop = 0;
    }
    openRule(rule);
    if (opened) byId('panel-title').focus({ preventScroll: true });
  }

  /** @type {(rule: string) => void} */
  function openRule(rule) {
    const found = [...panel.querySelectorAll('details')].find(
      ({ dataset }) => dataset['rule'] === rule,
    );
    if (found === undefined || found.open) return;
    found.open = true;
    found.scrollIntoView({ block: 'nearest' });
  }

  function hide() {
    panel.hidden = true;
    shown = null;
  }

  return { show, hide, isOpen: () => !panel.hidden };
}

/** @type {(report: PageReport, row: Row) => HTMLElement} */
function aboutBinary({ targets }, row) {
  const target = targets[row.target];
  /** @type {readonly (readonly [name: string, value: string | null])[]} */
  const facts = [
    ['Image', targets.length > 1 ? (target?.name ?? null) : null],
    ['Also', row.aliases.slice(0, 20).join(', ') || null],
    ['Kind', [row.kind, row.machine].filter((part) => part !== null).join(', ') || null],
    ['Built from', row.languages],
    ['Package', row.owner],
    ['Within reach', row.reach],
    [
      'Layer',
      target !== undefined && target.layers.length > 0 && row.layer !== null
        ? layerTitle(target, row.layer)
        : null,
    ],
    [
      'Size',
      row.size === null
        ? null
        : `${fileSize(row.size)}, mode ${((row.mode ?? 0) & 0o7777).toString(8).padStart(4, '0')}, owner ${row.uid}:${row.gid}`,
    ],
    ['SHA-256', row.sha256],
  ];
  return element(
    'dl',
    { class: 'about' },
    ...facts.flatMap(([name, value]) =>
      value === null ? [] : [element('dt', {}, name), element('dd', {}, visible(value))],
    ),
  );
}

/** @type {(report: PageReport, row: Row, onOpenRule: (rule: string) => void) => HTMLElement[]} */
function verdictList(report, row, onOpenRule) {
  const judged = row.cells.flatMap((verdict, column) => {
    const rule = report.rules[column];
    return verdict === null || rule === undefined ? [] : [{ verdict, rule }];
  });
  /** @type {(judged: { verdict: PageVerdict }) => number} */
  const rank = ({ verdict }) =>
    stateOrder.indexOf(verdict.state) * report.severities.length +
    report.severities.indexOf(verdict.severity);
  return judged
    .sort((a, b) => rank(a) - rank(b))
    .map((each) => verdictDetails(report, each, onOpenRule));
}
