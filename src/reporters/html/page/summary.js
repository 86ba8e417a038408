// The top of the page: does the gate hold, why, and what was looked at.
/** @import { Choose, PageReport } from '../page-types.ts' */
import { byId, element } from './dom.js';
import { amount, visible } from './text.js';

/** @type {Readonly<Record<PageReport['gate']['state'], readonly [sign: string, answer: string]>>} */
const answers = {
  holds: ['✓', 'The gate holds'],
  broken: ['✕', 'The gate is broken'],
  undecided: ['?', 'The gate is undecided'],
};

/** `choose` is called with the filters of what was clicked. */
/** @type {(report: PageReport, choose: Choose) => void} */
export function showSummary(report, choose) {
  const { gate, targets } = report;
  const [sign, answer] = answers[gate.state];
  document.title = `${answer}: ${visible(targets.map(({ name }) => name).join(', ')).slice(0, 200)} · hullcheck`;
  byId('gate').replaceChildren(
    element(
      'div',
      { class: `gate gate-${gate.state}` },
      element('span', { class: 'gate-sign', 'aria-hidden': 'true' }, sign),
      element(
        'div',
        { class: 'gate-text' },
        element('h1', {}, answer),
        report.answer === '' || gate.state === 'holds'
          ? null
          : element('p', { class: 'gate-answer' }, visible(answerOf(report.answer))),
        element('p', {}, `${visible(gate.because)}.`),
        conditions(gate),
      ),
    ),
    targetList(targets),
    problemList(targets),
    policyNotes(report.policy),
  );
  byId('numbers').replaceChildren(severityNumbers(report, choose), outcomeNumbers(report, choose));
}

/** The end of `The gate is broken by 3 of your 4 files`, as a sentence of its own. */
/** @type {(answer: string) => string} */
function answerOf(answer) {
  const text = answer.replace(/^:? /, '');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** Only where there is more to say than the gate's own sentence. */
/** @type {(gate: PageReport["gate"]) => HTMLElement | null} */
function conditions({ failed = [] }) {
  if (failed.length < 2) return null;
  return element(
    'ul',
    { class: 'conditions' },
    ...failed.map(({ condition, because }) =>
      element('li', {}, visible(`${condition}: ${because}`)),
    ),
  );
}

/** @type {(report: PageReport, choose: Choose) => HTMLElement} */
function severityNumbers({ counts, severities }, choose) {
  return element(
    'div',
    { class: 'numbers', role: 'group', 'aria-label': 'Findings by severity' },
    ...severities.map((severity) => {
      const count = counts.failures[severity];
      return element(
        'button',
        {
          type: 'button',
          class: `number ${count > 0 ? `is-${severity}` : 'is-none'}`,
          title: `Show binaries with ${severity} findings`,
          on: { click: () => choose({ severity, state: 'fail', rule: '' }) },
        },
        element('strong', {}, count.toLocaleString('en')),
        element('span', {}, severity),
      );
    }),
  );
}

/** @type {(report: PageReport, choose: Choose) => HTMLElement} */
function outcomeNumbers({ counts }, choose) {
  const { outcomes, waived = 0, baselined = 0, asBefore = 0 } = counts;
  /** @type {readonly (readonly [state: string, name: string, count: number])[]} */
  const parts = [
    ['fail', 'fail', outcomes.fail],
    ['unknown', 'unknown', outcomes.unknown],
    ['pass', 'pass', outcomes.pass],
    ['not-applicable', 'not applicable', outcomes['not-applicable']],
    ['waived', 'waived', waived],
    ['baselined', 'known before', baselined + asBefore],
  ];
  const shown = parts.filter(([state, , count]) => count > 0 || state === 'fail');
  return element(
    'p',
    { class: 'outcomes' },
    `${amount(counts.binaries, 'binary', 'binaries')}: `,
    ...shown.map(([state, name, count]) =>
      element(
        'button',
        {
          type: 'button',
          class: `outcome is-${state}`,
          on: { click: () => choose({ state, severity: '', rule: '' }) },
        },
        `${count.toLocaleString('en')} ${name}`,
      ),
    ),
  );
}

/** @type {(targets: PageReport["targets"]) => HTMLElement} */
function targetList(targets) {
  return element(
    'ul',
    { class: 'targets' },
    ...targets
      .slice(0, 50)
      .map(({ name, scheme, platform, os, digest, layers, gate }) =>
        element(
          'li',
          {},
          element('strong', {}, visible(name)),
          ...[
            platform,
            os,
            scheme,
            layers.length > 1 ? amount(layers.length, 'layer') : null,
            digest?.slice(0, 19),
          ].map((part) => (part ? element('span', {}, visible(part)) : null)),
          gate === undefined
            ? null
            : element(
                'div',
                { class: `target-gate is-${gate.state}` },
                visible(`${answers[gate.state].join(' ')}: ${gate.because}`),
              ),
        ),
      ),
    targets.length > 50 ? element('li', {}, `and ${targets.length - 50} more`) : null,
  );
}

/** @type {(targets: PageReport["targets"]) => HTMLElement | ''} */
function problemList(targets) {
  const problems = targets.flatMap(({ problems: all }) =>
    all.filter(({ kind }) => kind !== 'notice'),
  );
  if (problems.length === 0) return '';
  return element(
    'details',
    { class: 'problems', open: problems.length < 6 },
    element('summary', {}, `Not scanned, or only in part: ${amount(problems.length, 'part')}`),
    element(
      'ul',
      {},
      ...problems
        .slice(0, 200)
        .map(({ kind, where, message }) =>
          element(
            'li',
            {},
            element('strong', {}, `${kind} `),
            element('code', {}, visible(where)),
            ` ${visible(message)}`,
          ),
        ),
    ),
  );
}

/** @type {(policy: PageReport["policy"]) => HTMLElement | ''} */
function policyNotes(policy) {
  const { files = [], warnings = [], notices = [], fixed = [] } = policy ?? {};
  if (files.length + warnings.length + notices.length + fixed.length === 0) return '';
  return element(
    'details',
    warnings.length > 0 ? { class: 'notes', open: '' } : { class: 'notes' },
    element(
      'summary',
      {},
      [
        fixed.length > 0 ? `${amount(fixed.length, 'finding')} of the baseline gone` : '',
        ...files.map(({ role, name }) => `${role} ${visible(name)}`),
        warnings.length > 0 ? amount(warnings.length, 'warning') : '',
        notices.length > 0 ? amount(notices.length, 'notice') : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
    ),
    element(
      'ul',
      {},
      ...[...warnings, ...notices].map((notice) => element('li', {}, visible(notice))),
      ...fixed
        .slice(0, 500)
        .map(({ rule, path, how }) =>
          element('li', {}, `${how}: ${rule} in `, element('code', {}, visible(path))),
        ),
    ),
  );
}
