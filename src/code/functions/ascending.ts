/** Of an ascending list what is not in [start, end): hardly ever anything. */
export function outside(offsets: readonly number[], start: number, end: number): readonly number[] {
  const first = countBefore(offsets, start);
  const last = countBefore(offsets, end);
  if (first === last) return offsets;
  const kept = offsets.slice();
  kept.splice(first, last - first);
  return kept;
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

/** Of two ascending lists; one of them itself where the other is empty. */
export function merged<List extends readonly number[]>(left: List, right: List): List | number[] {
  if (left.length === 0 || right.length === 0) return left.length === 0 ? right : left;
  // A list that grows is copied again and again.
  const all: number[] = new Array(left.length + right.length);
  let at = 0;
  let to = 0;
  for (let index = 0; index < left.length; index += 1) {
    const value = left[index] ?? 0;
    while (at < right.length && (right[at] ?? 0) < value) all[to++] = right[at++] ?? 0;
    all[to++] = value;
  }
  while (at < right.length) all[to++] = right[at++] ?? 0;
  return all;
}
