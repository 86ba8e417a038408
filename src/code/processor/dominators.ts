/** Steps for each node: real functions take a few dozen, and forged ones the square of their size. */
const mostSteps = 1000;

/**
 * Nodes of a graph that are on every path from node 0 to an end, node 0 first; [] where no end is reached, or where the graph is
 * too tangled. Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm". `next`: by node, where paths go on; `ends`: by node, whether a path ends behind it.
 */
export function dominatorsOfEnd(
  next: readonly (readonly number[])[],
  ends: readonly boolean[],
): readonly number[] {
  const end = next.length;
  const onward = (node: number) => [...(next[node] ?? []), ...(ends[node] ? [end] : [])];
  const order = postOrder(onward, end + 1);
  const ranks = new Int32Array(end + 1).fill(-1);
  for (const [rank, node] of order.entries()) ranks[node] = rank;
  if (ranks[end] === -1) return [];
  const before = precedersOf(order, onward, end + 1);
  const dominators = new Int32Array(end + 1).fill(-1);
  dominators[0] = 0;
  let left = mostSteps * (end + 1);
  const common = (one: number, other: number) => {
    let [a, b] = [one, other];
    while (a !== b && left > 0) {
      left -= 1;
      if ((ranks[a] ?? 0) < (ranks[b] ?? 0)) a = dominators[a] ?? 0;
      else b = dominators[b] ?? 0;
    }
    return a;
  };
  const downward = order.toReversed();
  for (let changes = true; changes; ) {
    changes = false;
    left -= downward.length;
    if (left <= 0) return [];
    for (const node of downward) {
      if (node === 0) continue;
      const done = (before[node] ?? []).filter((each) => dominators[each] !== -1);
      const [first, ...others] = done;
      if (first === undefined) continue;
      const found = others.reduce(common, first);
      if (found === dominators[node]) continue;
      dominators[node] = found;
      changes = true;
    }
  }
  const sure: number[] = [];
  if (left <= 0) return [];
  for (let node = dominators[end] ?? 0; ; node = dominators[node] ?? 0) {
    sure.push(node);
    if (node === 0) return sure.reverse();
  }
}

/** Without recursion: paths are as long as functions. */
function postOrder(onward: (node: number) => readonly number[], size: number): readonly number[] {
  const seen = new Uint8Array(size);
  const order: number[] = [];
  const open = [{ node: 0, next: onward(0), at: 0 }];
  seen[0] = 1;
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const node = top.next[top.at];
    top.at += 1;
    if (node === undefined) {
      order.push(top.node);
      open.pop();
    } else if (seen[node] === 0) {
      seen[node] = 1;
      open.push({ node, next: onward(node), at: 0 });
    }
  }
  return order;
}

function precedersOf(
  order: readonly number[],
  onward: (node: number) => readonly number[],
  size: number,
): readonly (readonly number[])[] {
  const before: number[][] = Array.from({ length: size }, () => []);
  for (const node of order) for (const each of onward(node)) before[each]?.push(node);
  return before;
}
