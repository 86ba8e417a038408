import type { ByteScanner } from './byte-scanner.ts';

/**
 * What byte-scan.wat does, at a tenth of its speed: for processes that are not allowed the address space that WebAssembly
 * reserves (`ulimit -v`), and to compare it with.
 */
export function plainScanner(windowSize: number, margin: number, placeSize: number): ByteScanner {
  const tables = new Uint8Array(96);
  const memory = new Uint8Array(windowSize + margin + placeSize);
  const findings = new Uint32Array(windowSize);
  let stopped = 0;
  return {
    tables,
    window: memory.subarray(0, windowSize + margin),
    place: memory.subarray(windowSize + margin),
    findings,
    lengths: new Uint8Array(256),
    commons: new Int32Array(64),
    // Who asks reads them as they read unusual ones.
    descriptions: (_table, at) => {
      stopped = at;
      return 0;
    },
    stopped: () => stopped,
    triples: (start, size) => findTriples(tables, memory, findings, { start, size }),
    branches: (start, size, straight, least, most, leastSlot, mostSlot) => {
      const isTarget = (target: number) => target >= least && target <= most;
      const isSlot = (target: number) => target >= leastSlot && target <= mostSlot;
      const window = { start, size };
      return findBranches(memory, findings, window, straight === 0 ? null : isTarget, isSlot);
    },
  };
}

interface Window {
  readonly start: number;
  readonly size: number;
}

function findTriples(
  tables: Uint8Array,
  memory: Uint8Array,
  findings: Uint32Array,
  { start, size }: Window,
): number {
  const [first, second, third] = [0, 32, 64].map((place) => maskOfByte(tables, place));
  let count = 0;
  for (let at = start; at < start + size; at += 1) {
    const mask =
      (first?.[memory[at] ?? 0] ?? 0) &
      (second?.[memory[at + 1] ?? 0] ?? 0) &
      (third?.[memory[at + 2] ?? 0] ?? 0);
    if (mask !== 0) findings[count++] = at - start;
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
  memory: Uint8Array,
  findings: Uint32Array,
  { start, size }: Window,
  isTarget: ((target: number) => boolean) | null,
  isSlot: (target: number) => boolean,
): number {
  const view = new DataView(memory.buffer);
  let count = 0;
  for (let at = start; at < start + size; at += 1) {
    const byte = memory[at] ?? 0;
    const isStraight = isTarget !== null && (byte & 0xfe) === 0xe8;
    if (!isStraight && (byte !== 0xff || ((memory[at + 1] ?? 0) & 0xcf) !== 0x05)) continue;
    const operand = isStraight ? at + 1 : at + 2;
    const target = operand - start + 4 + view.getInt32(operand, true);
    if (isStraight ? isTarget(target) : isSlot(target)) findings[count++] = at - start;
  }
  return count;
}
