/** One group as bionic's linker reads it: what is shared stands in front, what is not in each member. */
export interface PackedGroup {
  readonly size: number;
  readonly flags: number;
  readonly numbers: readonly (number | bigint)[];
}

/** A table of Android's packed relocations: APS2, how many there are, where offsets begin, and groups. */
export function packedTable(
  count: number | bigint,
  start: number | bigint,
  groups: readonly PackedGroup[],
): Buffer {
  const numbers = groups.flatMap(({ size, flags, numbers }) => [size, flags, ...numbers]);
  return Buffer.concat([Buffer.from('APS2'), ...[count, start, ...numbers].map(signedNumber)]);
}

/** Signed LEB128. */
export function signedNumber(number: number | bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt(number);
  for (;;) {
    const low = Number(left & 0x7fn);
    left >>= 7n;
    const isLast = left === ((low & 0x40) === 0 ? 0n : -1n);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return Buffer.from(bytes);
  }
}
