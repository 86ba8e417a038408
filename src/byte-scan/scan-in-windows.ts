import { binary } from './binary.ts';
import { plainScanner } from './plain-scan.ts';

/** What byte-scan.wat exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly tables: { readonly value: number };
  readonly window: { readonly value: number };
  readonly findings: { readonly value: number };
  triples(size: number): number;
  branches(
    size: number,
    straight: 0 | 0xff,
    least: number,
    most: number,
    leastSlot: number,
    mostSlot: number,
  ): number;
}

/** The scanner and its memory, for one thread. */
export interface ByteScanner {
  readonly tables: Uint8Array;
  readonly window: Uint8Array;
  /** Offsets into the window. */
  readonly findings: Uint32Array;
  readonly triples: Exports['triples'];
  readonly branches: Exports['branches'];
}

const tableSize = 96;
/** Stays in the cache of a processor, so copying a file here costs a tenth of looking through it. */
export const windowSize = 128 * 1024;
/** What lies behind a window is seen with it: no pattern looks further. */
export const margin = 32;

let instance: ByteScanner | null = null;

/** Made when a thread needs it first. */
function scanner(): ByteScanner {
  instance ??= makeScanner();
  return instance;
}

function makeScanner(): ByteScanner {
  try {
    return webAssemblyScanner();
  } catch (error) {
    // WebAssembly reserves more address space than `ulimit -v` may leave.
    if (!(error instanceof RangeError)) throw error;
    return plainScanner(windowSize, margin);
  }
}

/** Exported for tests. Throws RangeError where there is no memory for it. */
export function webAssemblyScanner(): ByteScanner {
  const module = new WebAssembly.Module(Buffer.from(binary, 'base64'));
  // The module's types are those of byte-scan.wat, which TypeScript cannot know.
  const exports = new WebAssembly.Instance(module).exports as Exports;
  const { memory, tables, window, findings, triples, branches } = exports;
  return {
    tables: new Uint8Array(memory.buffer, tables.value, tableSize),
    window: new Uint8Array(memory.buffer, window.value, windowSize + margin),
    findings: new Uint32Array(memory.buffer, findings.value, windowSize),
    triples,
    branches,
  };
}

/** Finds something in the first `size` bytes of the scanner's window, which begins at `start`. Returns how many findings. */
export type WindowScan = (scanner: ByteScanner, size: number, start: number) => number;

/** Is given the first `count` findings, ascending and as offsets from `start`; none after them matters. */
export type VisitFindings = (findings: Uint32Array, count: number, start: number) => void;

/** Shows the findings window by window. Those behind the end of the bytes are left out. `visit` starts no scan. */
export function scanInWindows(bytes: Buffer, scan: WindowScan, visit: VisitFindings): void {
  const { length } = bytes;
  const { window, findings } = scanner();
  for (let start = 0; start < length; start += windowSize) {
    const seen = bytes.subarray(start, start + windowSize + margin);
    window.set(seen);
    window.fill(0, seen.length, seen.length + margin);
    let count = scan(scanner(), Math.min(windowSize, length - start), start);
    // The scanner looks at whole blocks, so also behind the end.
    while (count > 0 && start + (findings[count - 1] ?? 0) >= length) count -= 1;
    if (count > 0) visit(findings, count, start);
  }
}
