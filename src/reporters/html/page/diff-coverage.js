// Coverage of each rule before and after: what fell most comes first.
/** @import { DiffPayload, Select } from '../../../diff/page-types.ts' */
/** @import { Coverage, CoverageChange } from '../../../diff/difference.ts' */
import { byId, element, svgElement } from './dom.js';
import { visible } from './text.js';

/** @type {(difference: DiffPayload, choose: Select) => void} */
export function showCoverage({ coverage }, choose) {
  const moved = coverage.filter(({ before, after }) => shareOf(before) !== shareOf(after));
  const sorted = moved.sort((a, b) => changeOf(a) - changeOf(b));
  byId('coverage').replaceChildren(
    ...sorted.map((change) => coverageLine(change, choose)),
    element('li', { class: 'more' }, restText(coverage.length - moved.length, moved.length)),
  );
}

/** @type {(same: number, moved: number) => string} */
function restText(same, moved) {
  const rules = `${same} ${same === 1 ? 'rule covers' : 'rules cover'}`;
  return moved === 0 && same === 0 ? 'No rule judged both.' : `${rules} as much as before.`;
}

/** Below zero where fewer pass; where one side has nothing to judge, neither. */
/** @type {(change: Pick<CoverageChange, "before" | "after">) => number} */
function changeOf({ before, after }) {
  const [was, is] = [shareOf(before), shareOf(after)];
  return was === null || is === null ? 0 : is - was;
}

/** Null where there was nothing to judge. */
/** @type {(coverage: Coverage) => number | null} */
function shareOf({ passed, judged }) {
  return judged === 0 ? null : passed / judged;
}

/** One decimal: of thousands of binaries one counts. */
/** @type {(coverage: Coverage) => string} */
function textOf(coverage) {
  const share = shareOf(coverage);
  return share === null ? '–' : `${(share * 100).toFixed(1).replace(/\.0$/, '')}%`;
}

/** @type {(change: CoverageChange, choose: Select) => HTMLElement} */
function coverageLine({ rule, before, after }, choose) {
  const change = changeOf({ before, after });
  const says = `${rule}: ${before.passed} of ${before.judged} before, ${after.passed} of ${after.judged} after`;
  const onClick = () => choose({ list: change < 0 ? 'worse' : 'better', rule });
  return element(
    'li',
    {},
    element(
      'button',
      { type: 'button', class: 'bar-line', title: visible(says), on: { click: onClick } },
      element('span', { class: 'bar-label' }, visible(rule)),
      twoBars(before, after),
      element(
        'span',
        { class: `bar-value ${change < 0 ? 'fell' : change > 0 ? 'rose' : ''}` },
        `${textOf(before)} → ${textOf(after)}`,
      ),
    ),
  );
}

/** @type {(before: Coverage, after: Coverage) => SVGElement} */
function twoBars(before, after) {
  return svgElement(
    'svg',
    { class: 'bar', viewBox: '0 0 100 12', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svgElement('rect', { x: 0, width: 100, y: 0, height: 12, class: 'part-none' }),
    half(before, 0, 'part-before'),
    half(after, 6, 'part-pass'),
  );
}

/** @type {(coverage: Coverage, y: number, look: string) => SVGElement} */
function half(coverage, y, look) {
  return svgElement('rect', {
    x: 0,
    width: (shareOf(coverage) ?? 0) * 100,
    y,
    height: 6,
    class: look,
  });
}
