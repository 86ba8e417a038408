// One verdict in the panel: what is the case, what was seen, what fixes it and why it matters.
/** @import { PageReport, PageVerdict } from '../page-types.ts' */
/** @import { PageRule } from '../page-rules.ts' */
import { glyphOf, lookOf, stateNames } from './data.js';
import { element } from './dom.js';
import { markdownNodes } from './markdown.js';
import { visible } from './text.js';

/** The rule's texts are made when they are first looked at. */
/** @type {(report: PageReport, of: { verdict: PageVerdict, rule: PageRule }, onOpenRule: (rule: string) => void) => HTMLElement} */
export function verdictDetails(report, { verdict, rule }, onOpenRule) {
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
        element(
          'span',
          { class: 'verdict-message' },
          visible(report.strings[verdict.message] ?? ''),
        ),
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

/** @type {(report: PageReport, verdict: PageVerdict, rule: PageRule) => (HTMLElement | string)[]} */
function verdictBody({ strings }, { state, evidence, why }, rule) {
  return [
    why === null ? '' : element('p', { class: 'why' }, `Waived: ${visible(strings[why] ?? '')}`),
    evidence.length === 0 ? '' : evidenceTable(evidence, strings),
    rule.title === '' ? '' : element('p', { class: 'rule-title' }, rule.title, '.'),
    ...(state === 'pass' || state === 'not-applicable' ? [] : remedies(rule)),
    ...section('Why it matters', rule.why),
    ...section('How it is decided', rule.how),
    links(rule),
  ];
}

/** @type {(evidence: PageVerdict["evidence"], strings: readonly string[]) => HTMLElement} */
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
          element('td', {}, visible(strings[what] ?? '')),
          element('td', {}, element('code', {}, visible(strings[saw] ?? ''))),
          element('td', {}, offset ?? ''),
        ),
      ),
    ),
  );
}

/** @type {(rule: PageRule) => HTMLElement[]} */
function remedies({ fix }) {
  if (fix.length === 0) return [];
  return [
    element('h3', {}, 'How to fix it'),
    element(
      'dl',
      { class: 'fix' },
      ...fix.flatMap(([toolchain, text]) => [
        element('dt', {}, toolchain),
        element('dd', {}, ...markdownNodes(text)),
      ]),
    ),
  ];
}

/** @type {(title: string, markdown: string) => HTMLElement[]} */
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

/** @type {(rule: PageRule) => HTMLElement} */
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
