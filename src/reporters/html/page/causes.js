// Why verdicts became worse: a line for each cause, the worst first.
/** @import { PageCause } from '../page-cause.ts' */
/** @typedef {(rule: string) => void} ChooseRule */
import { byId, element } from './dom.js';
import { markdownNodes } from './markdown.js';
import { amount, visible } from './text.js';

/** A list is read to its end; the table below has them all. */
const mostCauses = 50;

/** `choose` is called with the rule that was clicked. */
/** @type {(causes: readonly PageCause[], choose: ChooseRule) => void} */
export function showCauses(causes, choose) {
  byId('why').hidden = causes.length === 0;
  const rest = causes.slice(mostCauses);
  const verdicts = rest.reduce((sum, cause) => sum + cause.verdicts, 0);
  byId('causes').replaceChildren(
    ...causes.slice(0, mostCauses).map((cause) => causeLine(cause, choose)),
    ...(rest.length === 0
      ? []
      : [
          element(
            'li',
            { class: 'more' },
            `and ${amount(rest.length, 'more cause')} (${amount(verdicts, 'verdict')})`,
          ),
        ]),
  );
}

/** @type {(cause: PageCause, choose: ChooseRule) => HTMLElement} */
function causeLine({ rule, severity, sentence, remedy, breaks, verdicts, files, more }, choose) {
  const glyph = severity.slice(0, 1).toUpperCase();
  const onClick = () => choose(rule);
  return element(
    'li',
    { class: breaks ? 'cause' : 'cause is-light' },
    element('span', { class: `cell is-fail is-${severity}`, 'aria-hidden': 'true' }, glyph),
    element(
      'div',
      {},
      element(
        'button',
        { type: 'button', class: 'cause-rule', on: { click: onClick } },
        visible(`${severity}: ${rule}`),
      ),
      element('p', {}, ...codeOf(sentence)),
      element(
        'p',
        { class: 'cause-files' },
        `${amount(verdicts, 'verdict')}: `,
        ...files.flatMap((file, at) => [at > 0 ? ', ' : '', element('code', {}, visible(file))]),
        more > 0 ? ` and ${more.toLocaleString('en')} more` : '',
        breaks ? '' : ' · does not break the gate',
      ),
      ...(remedy === null
        ? []
        : [element('div', { class: 'cause-fix' }, ...markdownNodes(visibleLines(remedy)))]),
    ),
  );
}

/** What stands between its marks is code. */
/** @type {(sentence: string) => (HTMLElement | string)[]} */
function codeOf(sentence) {
  return visible(sentence)
    .split('`')
    .map((part, at) => (at % 2 === 0 ? part : element('code', {}, part)));
}

/** @type {(markdown: string) => string} */
function visibleLines(markdown) {
  return markdown.split('\n').map(visible).join('\n');
}
