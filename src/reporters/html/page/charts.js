// Charts: one line for each rule, severity, layer and package. A line is a button that filters by it.
/** @import { Choose, PageReport, Row, StateCounts } from '../page-types.ts' */
/** @import { GroupTally } from './tally.js' */
import { byId, element, svgElement } from './dom.js';
import { decided, tallyBy, tallyRules, tallySeverities } from './tally.js';
import { amount, percent, visible } from './text.js';

/** Left to right. Each has a pattern of its own in the style sheet's colours (see `patterns`). */
/** @type {readonly (keyof StateCounts)[]} */
const parts = ['pass', 'baselined', 'waived', 'unknown', 'fail'];

const mostLines = 14;

/** @type {(report: PageReport, rows: readonly Row[], choose: Choose) => void} */
export function showCharts(report, rows, choose) {
  byId('by-rule').replaceChildren(...ruleLines(report, rows, choose));
  byId('by-severity').replaceChildren(...severityLines(report, rows, choose));
  showGroup('layer', layerLines(report, rows, choose));
  showGroup('package', packageLines(rows, choose));
}

/** A chart with one bar shows nothing. */
/** @type {(name: 'layer' | 'package', lines: readonly HTMLElement[]) => void} */
function showGroup(name, lines) {
  byId(`by-${name}`).replaceChildren(...lines);
  byId(`chart-${name}`).hidden = lines.length < 2;
}

/** @type {(report: PageReport, rows: readonly Row[], choose: Choose) => HTMLElement[]} */
function ruleLines({ rules }, rows, choose) {
  const failed = tallyRules(rows, rules).filter(({ counts }) => counts.fail > 0);
  return failed.map(({ key, title, counts }) =>
    line({
      label: title,
      value: percent(counts.pass, decided(counts)),
      bar: stackedBar(counts, decided(counts)),
      says: `${title}: ${wordsOf(counts)}`,
      onChoose: () => choose({ rule: key, state: 'fail', severity: '', sort: `rule:${key}` }),
    }),
  );
}

/** @type {(report: PageReport, rows: readonly Row[], choose: Choose) => HTMLElement[]} */
function severityLines({ severities }, rows, choose) {
  const tallies = tallySeverities(rows, severities);
  const most = Math.max(1, ...tallies.map(({ count }) => count));
  return tallies.map(({ key, count }) =>
    line({
      label: key,
      value: count.toLocaleString('en'),
      bar: bar([[`severity-${key}`, count / most]]),
      says: `${key}: ${amount(count, 'finding')}`,
      onChoose: () => choose({ severity: key, state: 'fail', rule: '' }),
    }),
  );
}

/** @type {(report: PageReport, rows: readonly Row[], choose: Choose) => HTMLElement[]} */
function layerLines({ targets }, rows, choose) {
  const ofLayers = rows.filter(({ layer }) => layer !== null);
  const tallies = tallyBy(ofLayers, ({ target, layer }) => [
    `${target} ${layer}`,
    layerTitle(targets[target], layer ?? 0),
  ]);
  const ordered = tallies.sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }));
  return groupLines(ordered, (key) => {
    const [image = '', layer = ''] = key.split(' ');
    choose({ image: targets.length > 1 ? image : '', layer });
  });
}

/** Number, origin and the line that made it. */
/** @type {(target: PageReport["targets"][number] | undefined, index: number) => string} */
export function layerTitle(target, index) {
  const { by, digest, origin } = target?.layers[index] ?? {};
  const line = by?.replace(/^\/bin\/sh -c (?:#\(nop\) +)?/, '') ?? digest?.slice(0, 19) ?? '';
  return `${index + 1}${origin === 'base' ? ' (base)' : ''} ${line}`.trim();
}

/** @type {(rows: readonly Row[], choose: Choose) => HTMLElement[]} */
function packageLines(rows, choose) {
  const files = rows.filter(({ sha256 }) => sha256 !== null);
  const tallies = tallyBy(files, ({ owner }) => [owner ?? 'none', owner ?? 'no package']);
  const worst = tallies.sort(
    (a, b) => b.counts.fail - a.counts.fail || a.title.localeCompare(b.title, 'en'),
  );
  return groupLines(worst, (key) => choose({ package: key }));
}

/** @type {(tallies: readonly GroupTally[], onChoose: (key: string) => void) => HTMLElement[]} */
function groupLines(tallies, onChoose) {
  const lines = tallies.slice(0, mostLines).map(({ key, title, binaries, counts }) =>
    line({
      label: title,
      value: amount(counts.fail, 'finding'),
      bar: stackedBar(counts, decided(counts)),
      says: `${title}: ${amount(binaries, 'binary', 'binaries')}, ${wordsOf(counts)}`,
      onChoose: () => onChoose(key),
    }),
  );
  if (tallies.length <= mostLines) return lines;
  return [...lines, element('li', { class: 'more' }, `and ${tallies.length - mostLines} more`)];
}

/** @type {(shown: { label: string, value: string, bar: SVGElement, says: string, onChoose: () => void }) => HTMLElement} */
function line({ label, value, bar: drawn, says, onChoose }) {
  return element(
    'li',
    {},
    element(
      'button',
      { type: 'button', class: 'bar-line', title: visible(says), on: { click: onChoose } },
      element('span', { class: 'bar-label' }, visible(label)),
      drawn,
      element('span', { class: 'bar-value' }, value),
    ),
  );
}

/** @type {(counts: StateCounts) => string} */
function wordsOf(counts) {
  const named = Object.entries(counts).filter(([, count]) => count > 0);
  return named.map(([state, count]) => `${count} ${state}`).join(', ') || 'nothing to judge';
}

/** @type {(counts: StateCounts, whole: number) => SVGElement} */
function stackedBar(counts, whole) {
  return bar(parts.map((state) => [state, whole === 0 ? 0 : counts[state] / whole]));
}

/** Shares of the whole, from left to right; a share that is there is never thinner than can be seen. */
/** @type {(shares: readonly (readonly [name: string, share: number])[]) => SVGElement} */
function bar(shares) {
  let left = 0;
  const pieces = shares
    .filter(([, share]) => share > 0)
    .map(([name, share]) => {
      const width = Math.max(share * 100, 1);
      const piece = svgElement('rect', {
        x: Math.min(left, 99),
        width,
        y: 0,
        height: 10,
        class: `part-${name}`,
      });
      left += share * 100;
      return piece;
    });
  return svgElement(
    'svg',
    { class: 'bar', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svgElement('rect', { x: 0, width: 100, y: 0, height: 10, class: 'part-none' }),
    ...pieces,
  );
}
