import { binary } from './binary.ts';
import type { ByteScanner, Exports } from './byte-scanner.ts';
import { plainScanner } from './plain-scan.ts';

const tableSize = 96;
/** Stays in the cache of a processor, so copying a file here costs a tenth of looking through it. */
export const windowSize = 128 * 1024;
/** What lies behind a window is seen with it: no pattern looks further. */
export const margin = 32;
/** The scanner looks at so many bytes at a time. */
const blockSize = 16;
/** Of the scanner's memory, for what is read to be scanned. */
export const placeSize = 8 * 1024 * 1024;

let instance: ByteScanner | null = null;

/** Made when a thread needs it first. */
export function scanner(): ByteScanner {
  instance ??= makeScanner();
  return instance;
}

function makeScanner(): ByteScanner {
  try {
    return webAssemblyScanner();
  } catch (error) {
    // WebAssembly reserves more address space than `ulimit -v` may leave.
    if (!(error instanceof RangeError)) throw error;
    return plainScanner(windowSize, margin, placeSize);
  }
}

/** Exported for tests. Throws RangeError where there is no memory for it. */
export function webAssemblyScanner(): ByteScanner {
  const module = new WebAssembly.Module(Buffer.from(binary, 'base64'));
  // The module's types are those of byte-scan.wat, which TypeScript cannot know.
  const exports = new WebAssembly.Instance(module).exports as unknown as Exports;
  const { memory, tables, window, findings, place, lengths, commons, stopped } = exports;
  return {
    tables: new Uint8Array(memory.buffer, tables.value, tableSize),
    window: new Uint8Array(memory.buffer, window.value, windowSize + margin),
    place: new Uint8Array(memory.buffer, place.value, placeSize),
    findings: new Uint32Array(memory.buffer, findings.value, windowSize),
    lengths: new Uint8Array(memory.buffer, lengths.value, 256),
    commons: new Int32Array(memory.buffer, commons.value, 64),
    triples: exports.triples,
    branches: exports.branches,
    descriptions: exports.descriptions,
    stopped: () => stopped.value,
  };
}

/**
 * Memory of this thread, up to `placeSize` and the same each time: what is read there is scanned where it lies, everything
 * else is copied first.
 */
export function memoryToScan(length: number): Buffer {
  const { buffer, byteOffset } = scanner().place;
  return Buffer.from(buffer, byteOffset, length);
}

/** The bytes where the scanner sees all of them; null where they are too many. */
export function toScan(bytes: Buffer): Buffer | null {
  if (bytes.buffer === scanner().place.buffer) return bytes;
  if (bytes.length > placeSize) return null;
  const copy = memoryToScan(bytes.length);
  bytes.copy(copy);
  return copy;
}

/**
 * Finds something in the `size` bytes from `window` on, a place in the scanner's memory; these are at `start` of what is
 * scanned. Returns how many findings.
 */
export type WindowScan = (
  scanner: ByteScanner,
  window: number,
  size: number,
  start: number,
) => number;

/** Is given the first `count` findings, ascending and as offsets from `start`; none after them matters. */
export type VisitFindings = (findings: Uint32Array, count: number, start: number) => void;

/** Shows the findings window by window. Those behind the end of the bytes are left out. `visit` starts no scan. */
export function scanInWindows(bytes: Buffer, scan: WindowScan, visit: VisitFindings): void {
  const using = scanner();
  const { length } = bytes;
  let start = 0;
  if (bytes.buffer === using.place.buffer) {
    // What lies behind the bytes is not seen with them.
    const end = length - margin;
    for (; start + blockSize <= end; start += windowSize) {
      const size = Math.min(windowSize, (end - start) & -blockSize);
      const count = scan(using, bytes.byteOffset + start, size, start);
      if (count > 0) visit(using.findings, count, start);
      if (size < windowSize) {
        start += size;
        break;
      }
    }
  }
  for (; start < length; start += windowSize) copyAndScan(using, bytes, start, scan, visit);
}

function copyAndScan(
  using: ByteScanner,
  bytes: Buffer,
  start: number,
  scan: WindowScan,
  visit: VisitFindings,
): void {
  const { window, findings } = using;
  const { length } = bytes;
  const seen = bytes.subarray(start, start + windowSize + margin);
  window.set(seen);
  window.fill(0, seen.length, seen.length + margin);
  let count = scan(using, window.byteOffset, Math.min(windowSize, length - start), start);
  // The scanner looks at whole blocks, so also behind the end.
  while (count > 0 && start + (findings[count - 1] ?? 0) >= length) count -= 1;
  if (count > 0) visit(findings, count, start);
}
