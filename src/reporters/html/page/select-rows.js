// Which binaries are shown, and in which order. Pure: thousands of rows in a few milliseconds.
/** @import { Choice, PageReport, PageVerdict, Row } from '../page-types.ts' */
import { stateOrder } from './data.js';

/** @type {(report: Pick<PageReport, "rows" | "rules" | "severities">, choice: Choice) => Row[]} */
export function selectRows({ rows, rules, severities }, choice) {
  const words = choice.q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const column = rules.findIndex(({ id }) => id === choice.rule);
  const shown = rows.filter(
    (row) =>
      isOf(choice.image, row.target) &&
      isOf(choice.layer, row.layer) &&
      (choice.whose === '' || row.whose === choice.whose) &&
      (choice.package === '' || (row.owner ?? 'none') === choice.package) &&
      words.every((word) => row.haystack.includes(word)) &&
      hasVerdict(row, column, choice),
  );
  return shown.sort(orderOf(choice.sort, rules, severities));
}

/** @type {(chosen: string, index: number | null) => boolean} */
function isOf(chosen, index) {
  return chosen === '' || Number(chosen) === index;
}

/** Whether one verdict meets all of state, severity and rule that are chosen. */
/** @type {(row: Row, column: number, choice: Choice) => boolean} */
function hasVerdict({ cells }, column, { state, severity }) {
  if (state === '' && severity === '' && column < 0) return true;
  const asked = column < 0 ? cells : cells.slice(column, column + 1);
  return asked.some(
    (verdict) =>
      verdict !== null &&
      (state === '' || verdict.state === state) &&
      (severity === '' || (verdict.severity === severity && isOpenOrFailed(verdict, state))),
  );
}

/** A severity weighs failures; together with another state it is that state's. */
/** @type {(verdict: PageVerdict, state: string) => boolean} */
function isOpenOrFailed(verdict, state) {
  return state !== '' || verdict.state === 'fail';
}

/** @type {(sort: string, rules: PageReport["rules"], severities: readonly string[]) => (a: Row, b: Row) => number} */
function orderOf(sort, rules, severities) {
  const backwards = sort.startsWith('-');
  const name = backwards ? sort.slice(1) : sort;
  const compare = comparison(name, rules, severities);
  return (a, b) => (backwards ? compare(b, a) : compare(a, b)) || a.index - b.index;
}

/** @type {(name: string, rules: PageReport["rules"], severities: readonly string[]) => (a: Row, b: Row) => number} */
function comparison(name, rules, severities) {
  if (name === 'path') return (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  if (name === 'size') return (a, b) => (b.size ?? 0) - (a.size ?? 0);
  const column = rules.findIndex(({ id }) => `rule:${id}` === name);
  if (column < 0) return byWeight;
  /** @type {(row: Row) => number} */
  const rank = ({ cells }) => rankOf(cells[column], severities);
  return (a, b) => rank(a) - rank(b) || byWeight(a, b);
}

/** @type {(a: Row, b: Row) => number} */
function byWeight(a, b) {
  for (let at = 0; at < a.weight.length; at += 1) {
    const difference = (b.weight[at] ?? 0) - (a.weight[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** @type {(verdict: PageVerdict | null | undefined, severities: readonly string[]) => number} */
function rankOf(verdict, severities) {
  if (verdict === null || verdict === undefined) return Number.MAX_SAFE_INTEGER;
  return (
    stateOrder.indexOf(verdict.state) * severities.length + severities.indexOf(verdict.severity)
  );
}
