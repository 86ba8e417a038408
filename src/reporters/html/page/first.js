// The first screen: what is yours and how it is fixed, then what dependencies brought, then the distribution in one bar.
/** @import { Choose, PageReport } from '../page-types.ts' */
/** @import { PageCard, PageSection } from '../first-screen.ts' */
/** @import { Shown } from './data.js' */
/** @import { Fix } from '../../remedies/fix.ts' */
/** @typedef {(target: number, path: string) => void} Open */
import { glyphOf, lookOf } from './data.js';
import { byId, element } from './dom.js';
import { amount, visible } from './text.js';

const titles = { yours: 'Yours', dependency: 'Dependencies', distribution: 'The distribution' };

/** `open` is called with the target and path of a file, `show` with the filters of what was clicked. */
/** @type {(report: PageReport, on: { open: Open, show: Choose }) => void} */
export function showFirst(report, { open, show }) {
  const sections = (report.first ?? []).map((section) =>
    section.whose === 'distribution'
      ? distributionBar(section, report, show)
      : cardSection(section, report, { open, show }),
  );
  byId('first').replaceChildren(...sections);
}

/** @type {(section: PageSection, report: PageReport, on: { open: Open, show: Choose }) => HTMLElement} */
function cardSection(section, report, { open, show }) {
  const { whose, cards, files, breaking } = section;
  const shown = cards.reduce((sum, card) => sum + card.files, 0);
  const isCalm = whose === 'dependency' && breaking === 0;
  const list = element(
    'div',
    { class: 'cards' },
    ...cards.map((card) => cardOf(card, report, open)),
  );
  const more =
    shown < files
      ? element(
          'button',
          { type: 'button', class: 'link', on: { click: () => show({ whose, state: 'fail' }) } },
          `and ${amount(files - shown, 'more file')}`,
        )
      : '';
  const heading = [
    element('strong', {}, titles[whose]),
    element('span', {}, ` ${totalsOf(section, report)}`),
  ];
  if (isCalm)
    return element(
      'details',
      { class: 'first-section card' },
      element('summary', {}, ...heading, element('small', {}, ' outside the gate')),
      list,
      more,
    );
  return element(
    'section',
    { class: 'first-section', 'aria-label': titles[whose] },
    element('h2', {}, ...heading),
    list,
    more,
  );
}

/** @type {(section: PageSection, report: PageReport) => string} */
function totalsOf({ files, components, failures }, { severities }) {
  const found = failures
    .map((count, index) => (count > 0 ? `${count.toLocaleString('en')} ${severities[index]}` : ''))
    .filter((part) => part !== '');
  const of = components > 0 ? ` of ${amount(components, 'package')}` : '';
  return `${amount(files, 'file')}${of}: ${found.join(', ') || 'undecided'}`;
}

/** @type {(card: PageCard, report: PageReport, open: Open) => HTMLElement} */
function cardOf(card, report, open) {
  const { target, title, path, about, files, isBreaking, lines, fixes } = card;
  const many = files > 1 ? `${visible(path ?? '')} and ${files - 1} more` : visible(about);
  const name = element('code', {}, visible(title));
  return element(
    'article',
    { class: `first-card${isBreaking ? ' is-breaking' : ''}` },
    element(
      'h3',
      {},
      path === null
        ? name
        : element(
            'button',
            { type: 'button', class: 'link', on: { click: () => open(target, path) } },
            name,
          ),
    ),
    report.targets.length > 1
      ? element('p', { class: 'first-about' }, visible(report.targets[target]?.name ?? ''))
      : null,
    many === '' ? null : element('p', { class: 'first-about' }, many),
    element('ul', {}, ...lines.map(lineOf)),
    ...fixes.map(fixOf),
  );
}

/** @type {(line: PageCard["lines"][number]) => HTMLElement} */
function lineOf([label, rule, message, files]) {
  /** @type {Shown} */
  const verdict = { state: label === 'unknown' ? 'unknown' : 'fail', severity: label };
  const others = files > 1 ? ` (${files} files)` : '';
  return element(
    'li',
    {},
    element('span', { class: `cell ${lookOf(verdict)}`, title: label }, glyphOf(verdict)),
    element('span', {}, element('strong', {}, visible(rule)), ` ${visible(message)}${others}`),
  );
}

/** @type {(fix: Fix) => HTMLElement} */
function fixOf(fix) {
  if (fix.form === 'advice') return element('p', { class: 'first-advice' }, visible(fix.text));
  const copied = fix.form === 'command' ? fix.text : fix.lines.join('\n');
  return element(
    'div',
    { class: 'first-fix' },
    fix.form === 'settings' ? element('p', {}, `in ${visible(fix.file)}:`) : null,
    element('pre', { tabindex: '0' }, ...unbrokenWords(copied)),
    copyButton(copied),
  );
}

/** A line breaks at spaces only: a flag is copied whole, and read whole. */
/** @type {(text: string) => HTMLElement[]} */
function unbrokenWords(text) {
  return text
    .split(/(?<=[ \n])/)
    .map((word) =>
      element(
        'span',
        { class: 'word' },
        visible(word.trimEnd()),
        word.slice(word.trimEnd().length),
      ),
    );
}

/** Where a browser does not let the page write to the clipboard the line can be selected. */
/** @type {(text: string) => HTMLElement} */
function copyButton(text) {
  const button = element('button', { type: 'button', class: 'copy' }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      const { previousElementSibling: line } = button;
      if (line !== null) getSelection()?.selectAllChildren(line);
      button.textContent = 'Selected';
    }
  });
  return button;
}

/** The author of the image cannot change its flags: one line, followed by its packages. */
/** @type {(section: PageSection, report: PageReport, show: Choose) => HTMLElement} */
function distributionBar(section, report, show) {
  const { cards, components, breaking } = section;
  return element(
    'details',
    { class: 'first-section card', open: breaking > 0 },
    element(
      'summary',
      {},
      element('strong', {}, titles.distribution),
      element('span', {}, ` ${totalsOf(section, report)}`),
      breaking > 0 ? null : element('small', {}, ' outside the gate'),
    ),
    element(
      'ul',
      { class: 'first-packages' },
      ...cards.map(({ title, files, lines, isBreaking }) =>
        element(
          'li',
          isBreaking ? { class: 'is-breaking' } : {},
          element('strong', {}, visible(title)),
          ` ${amount(files, 'file')}: ${visible(rulesOf(lines))}`,
        ),
      ),
      components > cards.length
        ? element('li', {}, `and ${amount(components - cards.length, 'more package')}`)
        : null,
    ),
    element(
      'button',
      {
        type: 'button',
        class: 'link',
        on: { click: () => show({ whose: 'distribution', state: 'fail' }) },
      },
      'Show its files',
    ),
  );
}

/** @type {(lines: PageCard["lines"]) => string} */
function rulesOf(lines) {
  const counts = new Map();
  for (const [, rule, , files] of lines) counts.set(rule, (counts.get(rule) ?? 0) + files);
  return [...counts].map(([rule, count]) => `${rule} ${count}`).join(', ');
}
