// Which binaries are shown, and in which order. Pure: thousands of rows in a few milliseconds.
import { stateOrder } from './data.js';

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

function isOf(chosen, index) {
  return chosen === '' || Number(chosen) === index;
}

/** Whether one verdict meets all of state, severity and rule that are chosen. */
function hasVerdict({ cells }, column, { state, severity }) {
  if (state === '' && severity === '' && column < 0) return true;
  const asked = column < 0 ? cells : [cells[column]];
  return asked.some(
    (verdict) =>
      verdict !== null &&
      (state === '' || verdict.state === state) &&
      (severity === '' || (verdict.severity === severity && isOpenOrFailed(verdict, state))),
  );
}

/** A severity weighs failures; together with another state it is that state's. */
function isOpenOrFailed(verdict, state) {
  return state !== '' || verdict.state === 'fail';
}

function orderOf(sort, rules, severities) {
  const backwards = sort.startsWith('-');
  const name = backwards ? sort.slice(1) : sort;
  const compare = comparison(name, rules, severities);
  return (a, b) => (backwards ? compare(b, a) : compare(a, b)) || a.index - b.index;
}

function comparison(name, rules, severities) {
  if (name === 'path') return (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  if (name === 'size') return (a, b) => b.size - a.size;
  const column = rules.findIndex(({ id }) => `rule:${id}` === name);
  if (column < 0) return byWeight;
  const rank = ({ cells }) => rankOf(cells[column], severities);
  return (a, b) => rank(a) - rank(b) || byWeight(a, b);
}

function byWeight(a, b) {
  for (let at = 0; at < a.weight.length; at += 1) {
    if (a.weight[at] !== b.weight[at]) return b.weight[at] - a.weight[at];
  }
  return 0;
}

function rankOf(verdict, severities) {
  if (verdict === null) return Number.MAX_SAFE_INTEGER;
  return (
    stateOrder.indexOf(verdict.state) * severities.length + severities.indexOf(verdict.severity)
  );
}
