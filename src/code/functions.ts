import type { Elf } from '../elf/model.ts';
import type { FrameRules } from './call-frame.ts';
import { type FrameDescription, frameDescriptions } from './eh-frame.ts';
import { locateEhFrame } from './eh-frame-location.ts';
import { type ExecutableRange, executableRanges } from './executable-ranges.ts';

/** One function (or a part of it that the compiler moved away), as unwind information describes it. */
export interface FunctionRange {
  /** File offsets of the first byte and after the last one. */
  readonly start: number;
  readonly end: number;
  readonly frame: FrameRules;
}

/** Sorted by start; the reason where the file does not tell. */
export type Functions =
  | { readonly known: true; readonly ranges: readonly FunctionRange[] }
  | { readonly known: false; readonly because: string };

const perFile = new WeakMap<Elf, Functions>();

/** The functions that .eh_frame describes and that lie in executable ranges. It need not describe all of them. */
export function functionsOf(elf: Elf): Functions {
  const seen = perFile.get(elf);
  if (seen !== undefined) return seen;
  const functions = readFunctions(elf);
  perFile.set(elf, functions);
  return functions;
}

function readFunctions(elf: Elf): Functions {
  const location = locateEhFrame(elf);
  if (location === null)
    return { known: false, because: 'there is no .eh_frame to tell functions apart' };
  const descriptions = frameDescriptions({
    bytes: elf.bytes.read(location.offset, location.end - location.offset),
    address: location.address,
    byteOrder: elf.header.byteOrder,
    pointerSize: elf.header.bits === 64 ? 8 : 4,
  });
  if (!Array.isArray(descriptions)) return { known: false, because: descriptions.because };
  const ranges = placeInFile(descriptions, executableRanges(elf));
  return { known: true, ranges: ranges.sort((a, b) => a.start - b.start) };
}

function placeInFile(
  descriptions: readonly FrameDescription[],
  executable: readonly ExecutableRange[],
): FunctionRange[] {
  const byAddress = [...executable].sort((a, b) => (a.address < b.address ? -1 : 1));
  const placed: FunctionRange[] = [];
  for (const { address, size, frame } of descriptions) {
    const range = rangeAt(byAddress, address);
    if (range === null) continue;
    const start = range.offset + Number(address - range.address);
    const end = Math.min(range.end, start + Number(size));
    if (end > start) placed.push({ start, end, frame });
  }
  return placed;
}

/** The range that holds an address, by halving. */
function rangeAt(byAddress: readonly ExecutableRange[], address: bigint): ExecutableRange | null {
  let low = 0;
  let high = byAddress.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((byAddress[middle]?.address ?? 0n) <= address) low = middle + 1;
    else high = middle;
  }
  const range = byAddress[low - 1];
  return range !== undefined && address - range.address < BigInt(range.bytes.length) ? range : null;
}
