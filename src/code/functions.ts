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
  const ranges = placeInFile(descriptions, placesAround(location.address, executableRanges(elf)));
  return { known: true, ranges: ranges.sort((a, b) => a.start - b.start) };
}

/** An executable range by its distance from .eh_frame, in a number that adds up faster than addresses do. */
interface Place {
  readonly distance: number;
  readonly offset: number;
  readonly size: number;
}

function placesAround(address: bigint, executable: readonly ExecutableRange[]): readonly Place[] {
  return executable
    .map((range) => ({
      distance: Number(range.address - address),
      offset: range.offset,
      size: range.end - range.offset,
    }))
    .sort((a, b) => a.distance - b.distance);
}

function placeInFile(
  descriptions: readonly FrameDescription[],
  places: readonly Place[],
): FunctionRange[] {
  const placed: FunctionRange[] = [];
  for (const { distance, size, frame } of descriptions) {
    const place = placeAt(places, distance);
    if (place === null) continue;
    const within = distance - place.distance;
    const start = place.offset + within;
    const end = start + Math.min(size, place.size - within);
    if (end > start) placed.push({ start, end, frame });
  }
  return placed;
}

/** The place that holds a distance, by halving. */
function placeAt(places: readonly Place[], distance: number): Place | null {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.distance ?? 0) <= distance) low = middle + 1;
    else high = middle;
  }
  const place = places[low - 1];
  return place !== undefined && distance - place.distance < place.size ? place : null;
}
