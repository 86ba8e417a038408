import type { ByteScanner } from './scan-in-windows.ts';

/**
 * What byte-scan.wat does, at a tenth of its speed: for processes that are not allowed the address space that WebAssembly
 * reserves (`ulimit -v`), and to compare it with.
 */
export function plainScanner(windowSize: number, margin: number): ByteScanner {
  const tables = new Uint8Array(96);
  const window = new Uint8Array(windowSize + margin);
  const findings = new Uint32Array(windowSize);
  return {
    tables,
    window,
    findings,
    triples: (size) => findTriples(tables, window, findings, size),
    branches: (size, straight, least, most, leastSlot, mostSlot) => {
      const isTarget = (target: number) => target >= least && target <= most;
      const isSlot = (target: number) => target >= leastSlot && target <= mostSlot;
      return findBranches(window, findings, size, straight === 0 ? null : isTarget, isSlot);
    },
  };
}

function findTriples(
  tables: Uint8Array,
  window: Uint8Array,
  findings: Uint32Array,
  size: number,
): number {
  const [first, second, third] = [0, 32, 64].map((start) => maskOfByte(tables, start));
  let count = 0;
  for (let at = 0; at < size; at += 1) {
    const mask =
      (first?.[window[at] ?? 0] ?? 0) &
      (second?.[window[at + 1] ?? 0] ?? 0) &
      (third?.[window[at + 2] ?? 0] ?? 0);
    if (mask !== 0) findings[count++] = at;
  }
  return count;
}

/** Both halves of every byte looked up at once. */
function maskOfByte(tables: Uint8Array, start: number): Uint8Array {
  return Uint8Array.from(
    { length: 256 },
    (_, byte) => (tables[start + (byte & 15)] ?? 0) & (tables[start + 16 + (byte >> 4)] ?? 0),
  );
}

function findBranches(
  window: Uint8Array,
  findings: Uint32Array,
  size: number,
  isTarget: ((target: number) => boolean) | null,
  isSlot: (target: number) => boolean,
): number {
  const view = new DataView(window.buffer);
  let count = 0;
  for (let at = 0; at < size; at += 1) {
    const byte = window[at] ?? 0;
    const isStraight = isTarget !== null && (byte & 0xfe) === 0xe8;
    if (!isStraight && (byte !== 0xff || ((window[at + 1] ?? 0) & 0xcf) !== 0x05)) continue;
    const operand = isStraight ? at + 1 : at + 2;
    const target = operand + 4 + view.getInt32(operand, true);
    if (isStraight ? isTarget(target) : isSlot(target)) findings[count++] = at;
  }
  return count;
}
