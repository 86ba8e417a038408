// The top of a difference: did something become worse, between what, and how much of each.
/** @import { DiffPayload, ListKey, Select } from '../../../diff/page-types.ts' */
import { lists } from './diff-lists.js';
import { byId, element } from './dom.js';
import { amount, visible } from './text.js';

/** @type {Readonly<Record<DiffPayload['gate']['state'], readonly [sign: string, answer: string]>>} */
const diffAnswers = {
  holds: ['✓', 'Nothing became worse'],
  broken: ['✕', 'Worse'],
  undecided: ['?', 'The gate is undecided'],
};

/** `choose` is called with the list that was clicked. */
/** @type {(difference: DiffPayload, choose: Select) => void} */
export function showDifference(difference, choose) {
  const { gate } = difference;
  const [sign, plain] = diffAnswers[gate.state];
  const hasOther = gate.state === 'holds' && difference.worse.length > 0;
  const answer = hasOther ? 'Worse, but the gate holds' : plain;
  document.title = `${answer}: ${titleOf(difference)} · hullcheck diff`;
  byId('gate').replaceChildren(
    element(
      'div',
      { class: `gate gate-${gate.state}` },
      element('span', { class: 'gate-sign', 'aria-hidden': 'true' }, sign),
      element(
        'div',
        { class: 'gate-text' },
        element('h1', {}, answer),
        element('p', {}, `${visible(gate.because)}.`),
      ),
      element(
        'div',
        { class: 'numbers', role: 'group', 'aria-label': 'Changes by kind' },
        ...lists.map(({ key, name }) => number(difference, key, name, choose)),
      ),
    ),
    element('div', { class: 'sides' }, side('Old', difference.old), side('New', difference.new)),
    ...unreadOf(difference),
    ...difference.notices.map((notice) => element('p', { class: 'notes' }, visible(notice))),
  );
}

/** @type {(difference: DiffPayload) => string} */
function titleOf({ new: fresh }) {
  return visible(fresh.targets.map(({ name }) => name).join(', ')).slice(0, 200);
}

/** @type {Readonly<Record<string, string>>} */
const tones = { worse: 'is-high', better: 'is-better' };

/** @type {(difference: DiffPayload, key: ListKey, name: string, choose: Select) => HTMLElement} */
function number(difference, key, name, choose) {
  const count = difference[key].length;
  return element(
    'button',
    {
      type: 'button',
      class: `number ${count > 0 ? (tones[key] ?? '') : 'is-none'}`,
      title: `Show what is ${name.toLowerCase()}`,
      on: { click: () => choose({ list: key }) },
    },
    element('strong', {}, count.toLocaleString('en')),
    element('span', {}, name.toLowerCase()),
  );
}

/** @type {(title: string, side: DiffPayload["old"]) => HTMLElement} */
function side(title, { targets, binaries, findings, profile }) {
  return element(
    'div',
    { class: 'card side' },
    element('h2', {}, title),
    element(
      'ul',
      {},
      ...targets
        .slice(0, 20)
        .map(({ name, digest }) =>
          element(
            'li',
            {},
            element('strong', {}, visible(name)),
            digest === null
              ? null
              : element('code', { title: visible(digest) }, visible(digest.slice(0, 19))),
          ),
        ),
      targets.length > 20 ? element('li', {}, `and ${targets.length - 20} more`) : null,
    ),
    element(
      'p',
      {},
      `${amount(binaries, 'binary', 'binaries')}, ${amount(findings, 'finding')}, profile ${visible(profile)}`,
    ),
  );
}

/** @type {(difference: DiffPayload) => HTMLElement[]} */
function unreadOf({ old, new: fresh }) {
  const parts = [
    ...old.unread.map((part) => ({ from: 'old', ...part })),
    ...fresh.unread.map((part) => ({ from: 'new', ...part })),
  ];
  if (parts.length === 0) return [];
  return [
    element(
      'details',
      { class: 'problems', open: parts.length < 6 },
      element('summary', {}, `Not scanned, so not compared: ${amount(parts.length, 'part')}`),
      element(
        'ul',
        {},
        ...parts
          .slice(0, 200)
          .map(({ from, where, message }) =>
            element(
              'li',
              {},
              element('strong', {}, `${from} `),
              element('code', {}, visible(where)),
              ` ${visible(message)}`,
            ),
          ),
      ),
    ),
  ];
}
