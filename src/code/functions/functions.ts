import { descriptionReader } from '../../byte-scan/descriptions.ts';
import { ET } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { type FrameRules, usualLengths } from '../frames/call-frame.ts';
import { visitFunctions } from '../frames/eh-frame.ts';
import { locateEhFrame } from '../frames/eh-frame-location.ts';
import { type ExecutableRange, executableRanges } from './executable-ranges.ts';
import { FunctionList, type FunctionTable } from './function-table.ts';
import { objectFunctions } from './object-functions.ts';

/** Sorted by start; the reason if the file does not show them. */
export type Functions =
  | { readonly known: true; readonly table: FunctionTable }
  | { readonly known: false; readonly because: string };

/**
 * The functions that .eh_frame describes and that lie in executable ranges; in an ET_REL file those that symbols name.
 * It need not be all of them.
 */
export const functionsOf = perFile((elf) =>
  elf.header.type === ET.REL ? named(elf) : described(elf),
);

function named(elf: Elf): Functions {
  const table = objectFunctions(elf);
  return table.length > 0
    ? { known: true, table }
    : { known: false, because: 'there are no symbols to find functions by' };
}

function described(elf: Elf): Functions {
  const location = locateEhFrame(elf);
  if (location === null)
    return { known: false, because: 'there is no .eh_frame to find functions by' };
  const places = placesAround(location.address, executableRanges(elf));
  const bytes = elf.bytes.glance(location.offset, location.end - location.offset);
  const functions = new FunctionList(expectedIn(bytes, location.listed));
  const table = {
    bytes,
    address: location.address,
    byteOrder: elf.header.byteOrder,
    pointerSize: elf.header.bits === 64 ? 8 : 4,
    listed: location.listed,
  } as const;
  const add = (distance: number, size: number, frame: FrameRules) => {
    const place = placeAt(places, distance);
    if (place === null) return;
    const within = distance - place.distance;
    const start = place.offset + within;
    const end = start + Math.min(size, place.size - within);
    if (end > start) functions.add(start, end, frame);
  };
  const damage = visitFunctions(table, add, descriptionReader(bytes, usualLengths));
  return damage === null
    ? { known: true, table: functions.sorted() }
    : { known: false, because: damage.because };
}

/** What .eh_frame_hdr lists, as far as there can be as many: no description takes less than 16 bytes. */
function expectedIn({ length }: Buffer, listed: number): number {
  return Math.min(listed, Math.ceil(length / 16));
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
