/** Of an ascending list what is not in [start, end): hardly ever anything. */
export function outside(offsets: readonly number[], start: number, end: number): readonly number[] {
  const first = countBefore(offsets, start);
  const last = countBefore(offsets, end);
  return first === last ? offsets : offsets.slice(0, first).concat(offsets.slice(last));
}

/** How many numbers of an ascending list are less than `limit`: the index of the first that is not. By halving. */
export function countBefore(numbers: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of two ascending lists. */
export function merged(left: readonly number[], right: readonly number[]): readonly number[] {
  if (left.length === 0 || right.length === 0) return left.length === 0 ? right : left;
  const all: number[] = [];
  let at = 0;
  for (const value of left) {
    for (; at < right.length && (right[at] ?? 0) < value; at += 1) all.push(right[at] ?? 0);
    all.push(value);
  }
  return all.concat(right.slice(at));
}
