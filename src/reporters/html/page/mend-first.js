// The rules that failed worst, each with what mends it.
import { glyphOf, lookOf } from './data.js';
import { byId, element } from './dom.js';
import { amount, visible } from './text.js';

const mostRules = 5;

/** Languages with a toolchain of their own; every other binary is taken for C. */
const toolchains = { go: 'go', rust: 'rustc', zig: 'zig' };

export function showMendFirst(report, rows, choose) {
  const worst = failedRules(report, rows).slice(0, mostRules);
  byId('chart-mend').hidden = worst.length === 0;
  byId('mend-first').replaceChildren(...worst.map((failed) => mendLine(failed, choose)));
}

/** Rules with findings, by the severity of the worst and then by how many there are. */
function failedRules({ rules, severities }, rows) {
  const failed = rules.map((rule, column) => {
    const failing = rows.filter(({ cells }) => cells[column]?.state === 'fail');
    const weights = failing.map(({ cells }) => severities.indexOf(cells[column].severity));
    return {
      rule,
      failing,
      severity: severities[weights.reduce((a, b) => Math.min(a, b), severities.length)],
    };
  });
  const rank = ({ severity }) => severities.indexOf(severity);
  return failed
    .filter(({ failing }) => failing.length > 0)
    .sort((a, b) => rank(a) - rank(b) || b.failing.length - a.failing.length);
}

function mendLine({ rule, failing, severity }, choose) {
  const verdict = { state: 'fail', severity };
  const onClick = () =>
    choose({ rule: rule.id, state: 'fail', severity: '', sort: `rule:${rule.id}` });
  return element(
    'li',
    {},
    element(
      'button',
      { type: 'button', class: 'mend-line', on: { click: onClick } },
      element('span', { class: `cell ${lookOf(verdict)}`, title: severity }, glyphOf(verdict)),
      element(
        'span',
        {},
        element('strong', {}, visible(rule.id)),
        element('span', {}, amount(failing.length, 'binary', 'binaries')),
      ),
      element('small', {}, remedy(rule, failing)),
    ),
  );
}

/** What most binaries without a toolchain of their own are mended by. */
const usual = ['gcc', 'clang', 'image'];

/** The first sentence for the toolchain of the first binary, else for a usual one. */
function remedy({ mend }, [first]) {
  const language = (first.languages ?? '').split(' ')[0];
  const wanted = [toolchains[language], ...usual, mend[0]?.[0]];
  const toolchain = wanted.find((name) => mend.some(([known]) => known === name));
  if (toolchain === undefined) return '';
  const [, markdown] = mend.find(([name]) => name === toolchain);
  const plain = markdown.replaceAll('`', '').replace(/\s+/g, ' ');
  const sentence = /^.*?[.:;](?=\s|$)/.exec(plain)?.[0].slice(0, -1) ?? plain;
  return `${toolchain}: ${sentence}`;
}
