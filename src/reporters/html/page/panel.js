// The side panel: everything that the report says of one binary.
import { layerTitle } from './charts.js';
import { glyphOf, lookOf, stateNames, stateOrder } from './data.js';
import { byId, element } from './dom.js';
import { markdownNodes } from './markdown.js';
import { fileSize, visible } from './text.js';

/** `onStep(1)` is the next binary of those that are shown, `onOpenRule` the rule that is looked at. */
export function createPanel(report, { onClose, onStep, onOpenRule }) {
  const panel = byId('panel');
  byId('panel-close').addEventListener('click', onClose);
  byId('panel-next').addEventListener('click', () => onStep(1));
  byId('panel-previous').addEventListener('click', () => onStep(-1));
  panel.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') onClose();
  });
  let shown = null;

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

  function openRule(rule) {
    const found = [...panel.querySelectorAll('details.verdict')].find(
      ({ dataset }) => dataset.rule === rule,
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

function aboutBinary({ targets }, row) {
  const target = targets[row.target];
  const facts = [
    ['Image', targets.length > 1 ? target.name : null],
    ['Also', row.aliases.slice(0, 20).join(', ') || null],
    ['Kind', [row.kind, row.machine].filter((part) => part !== null).join(', ') || null],
    ['Built from', row.languages],
    ['Package', row.owner],
    ['Layer', target.layers.length > 0 ? layerTitle(target, row.layer) : null],
    [
      'Size',
      `${fileSize(row.size)}, mode ${(row.mode & 0o7777).toString(8).padStart(4, '0')}, owner ${row.uid}:${row.gid}`,
    ],
    ['SHA-256', row.sha256],
  ].filter(([, value]) => value !== null);
  return element(
    'dl',
    { class: 'about' },
    ...facts.flatMap(([name, value]) => [
      element('dt', {}, name),
      element('dd', {}, visible(value)),
    ]),
  );
}

function verdictList(report, row, onOpenRule) {
  const judged = row.cells.flatMap((verdict, column) =>
    verdict === null ? [] : [{ verdict, rule: report.rules[column] }],
  );
  const rank = ({ verdict }) =>
    stateOrder.indexOf(verdict.state) * report.severities.length +
    report.severities.indexOf(verdict.severity);
  return judged
    .sort((a, b) => rank(a) - rank(b))
    .map((each) => verdictDetails(report, each, onOpenRule));
}

/** The rule's texts are made when they are first looked at. */
function verdictDetails(report, { verdict, rule }, onOpenRule) {
  const details = element(
    'details',
    { class: 'verdict', 'data-rule': rule.id },
    element(
      'summary',
      {},
      element(
        'span',
        { class: `cell ${lookOf(verdict)}`, 'aria-hidden': 'true' },
        glyphOf(verdict),
      ),
      element(
        'span',
        { class: 'verdict-head' },
        element('span', { class: 'verdict-rule' }, visible(rule.id)),
        element(
          'span',
          { class: 'verdict-state' },
          verdict.state === 'fail' ? verdict.severity : stateNames[verdict.state],
        ),
        element('span', { class: 'verdict-message' }, visible(report.strings[verdict.message])),
      ),
    ),
  );
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    if (details.children.length === 1) details.append(...verdictBody(report, verdict, rule));
    onOpenRule(rule.id);
  });
  return details;
}

function verdictBody({ strings }, { state, evidence, why }, rule) {
  return [
    why === null ? '' : element('p', { class: 'why' }, `Waived: ${visible(strings[why])}`),
    evidence.length === 0 ? '' : evidenceTable(evidence, strings),
    rule.title === '' ? '' : element('p', { class: 'rule-title' }, rule.title, '.'),
    ...(state === 'pass' || state === 'not-applicable' ? [] : remedies(rule)),
    ...section('Why it matters', rule.why),
    ...section('How it is decided', rule.how),
    links(rule),
  ];
}

function evidenceTable(evidence, strings) {
  return element(
    'table',
    { class: 'evidence' },
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', {}, 'Evidence'),
        element('th', {}, 'seen'),
        element('th', {}, 'offset'),
      ),
    ),
    element(
      'tbody',
      {},
      ...evidence.map(([what, saw, offset]) =>
        element(
          'tr',
          {},
          element('td', {}, visible(strings[what])),
          element('td', {}, element('code', {}, visible(strings[saw]))),
          element('td', {}, offset ?? ''),
        ),
      ),
    ),
  );
}

function remedies({ mend }) {
  if (mend.length === 0) return [];
  return [
    element('h3', {}, 'What mends it'),
    element(
      'dl',
      { class: 'mend' },
      ...mend.flatMap(([toolchain, text]) => [
        element('dt', {}, toolchain),
        element('dd', {}, ...markdownNodes(text)),
      ]),
    ),
  ];
}

function section(title, markdown) {
  if (markdown === '') return [];
  return [
    element(
      'details',
      { class: 'text' },
      element('summary', {}, title),
      ...markdownNodes(markdown),
    ),
  ];
}

function links({ links: all }) {
  return element(
    'ul',
    { class: 'links' },
    ...all
      .filter(([, url]) => /^https?:/.test(url))
      .map(([text, url]) =>
        element(
          'li',
          {},
          element(
            'a',
            { href: url, rel: 'noopener noreferrer', target: '_blank' },
            text.replace(/^https?:\/\//, ''),
          ),
        ),
      ),
  );
}
