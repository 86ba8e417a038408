// The rules that failed worst, each with what mends it.
import { amountOfRows, glyphOf, lookOf } from './data.js';
import { byId, element } from './dom.js';
import { inline } from './markdown.js';
import { visible } from './text.js';

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
        element('span', {}, amountOfRows(failing)),
      ),
      ...commonRemedies(rule, failing).map(([toolchain, text]) =>
        element('small', {}, `${toolchain}: `, ...inline(text)),
      ),
    ),
  );
}

/** What most binaries without a toolchain of their own are mended by. */
const usual = ['gcc', 'clang', 'image'];

/** What most of them are mended by, and the next: a Go program wants another flag than a C one. */
const mostRemedies = 2;

function commonRemedies({ mend }, failing) {
  const counts = new Map();
  for (const { languages } of failing) {
    const toolchain = toolchainOf(mend, languages);
    counts.set(toolchain, (counts.get(toolchain) ?? 0) + 1);
  }
  counts.delete(undefined);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostRemedies)
    .map(([name]) => [name, sentenceOf(mend.find(([known]) => known === name)[1])]);
}

function toolchainOf(mend, languages) {
  const own = (languages ?? '').split(', ').map((language) => toolchains[language.split(' ')[0]]);
  const wanted = [...own, ...usual, mend[0]?.[0]];
  return wanted.find((name) => mend.some(([known]) => known === name));
}

/** The first, with its code spans. */
function sentenceOf(markdown) {
  const line = markdown.replace(/\s+/g, ' ');
  return (
    /^(?:`[^`]*`|[^`])*?(?:(?<!\.\.)[.!]|(?<=^[^:;]{20,})[:;])(?=\s|$)/
      .exec(line)?.[0]
      .slice(0, -1) ?? line
  );
}
