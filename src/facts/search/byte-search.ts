import { PF, PT } from '../../elf/constants.ts';
import type { MappedPiece } from '../../elf/memory/memory-map.ts';
import type { Elf } from '../../elf/model.ts';
import type { Bytes } from '../../elf/reading/bytes.ts';
import { piecesOf } from '../../elf/reading/file-pieces.ts';

/** File offsets: [start, end). */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * File offset of the first `text` that begins and ends in [start, end), or null; bounds outside the file are cut to it.
 * Up to 7 bytes are searched by their first byte with memchr, five times as fast as longer ones: prefer short anchors.
 */
export function findText(
  bytes: Bytes,
  text: string | Buffer,
  start = 0,
  end = bytes.size,
): number | null {
  const from = Math.max(0, start);
  const to = Math.min(bytes.size, end);
  if (to <= from) return null;
  for (const piece of piecesOf(bytes, from, to, text.length - 1)) {
    const at = piece.bytes.indexOf(text, 0, 'latin1');
    if (at !== -1) return piece.offset + at;
  }
  return null;
}

/** Where `text` lies in [start, end), ascending, up to so many places. One pass: each byte is read once. */
export function placesOfText(
  bytes: Bytes,
  text: Buffer,
  { start, end }: Range,
  most: number,
): readonly number[] {
  const places: number[] = [];
  const to = Math.min(bytes.size, end);
  for (const piece of piecesOf(bytes, Math.max(0, start), to, text.length - 1)) {
    let at = piece.bytes.indexOf(text);
    while (at !== -1 && places.length < most) {
      const place = piece.offset + at;
      // What lies across the end of a piece is seen in both.
      if (place > (places.at(-1) ?? -1)) places.push(place);
      at = piece.bytes.indexOf(text, at + 1);
    }
    if (places.length === most) break;
  }
  return places;
}

/**
 * File bytes of segments that a process maps read-only, where compilers put string constants. Code only where linkers put
 * both in one segment: one more segment that has data alone does not hide them. Bytes that another segment is mapped over
 * are left out.
 */
export function constantRanges(elf: Elf): readonly Range[] {
  const readOnly = elf.memory.filter(({ flags }) => (flags & PF.W) === 0);
  const data = mapped(
    elf,
    readOnly.filter(({ flags }) => (flags & PF.X) === 0),
  );
  return data.length > 0 && !hasConstantsInCode(elf) ? data : mapped(elf, readOnly);
}

/** Whether a text is among the constants. */
export function holdsConstant(elf: Elf, text: string): boolean {
  return constantRanges(elf).some(
    ({ start, end }) => findText(elf.bytes, text, start, end) !== null,
  );
}

/** Linkers put the table of unwinding with the constants. Programs that unwind find it by this header. */
function hasConstantsInCode({ segments }: Elf): boolean {
  const table = segments.find(({ type }) => type === PT.GNU_EH_FRAME);
  return segments.some(({ type, flags, address, memorySize }) => {
    if (table === undefined || type !== PT.LOAD || (flags & PF.X) === 0) return false;
    return table.address >= address && table.address < address + memorySize;
  });
}

/** File bytes of segments that a process maps writable. */
export function writableRanges(elf: Elf): readonly Range[] {
  return mapped(
    elf,
    elf.memory.filter(({ flags }) => (flags & PF.W) !== 0),
  );
}

/** File bytes of all segments that are mapped, whatever may be done with them. */
export function mappedRanges(elf: Elf): readonly Range[] {
  return mapped(elf, elf.memory);
}

/** Cut to the file, and merged: overlapping segments must not multiply the work. */
function mapped(elf: Elf, memory: readonly MappedPiece[]): readonly Range[] {
  const size = BigInt(elf.bytes.size);
  const sorted = memory.flatMap((piece) => ownBytes(piece, size)).sort((a, b) => a.start - b.start);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last === undefined || range.start > last.end) merged.push(range);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
  }
  return merged;
}

/** Without what pages show around the file bytes of the segment: anybody can write that. */
function ownBytes({ start, end, offset, segment }: MappedPiece, size: bigint): readonly Range[] {
  if (offset === null) return [];
  const ends = [offset + (end - start), segment.offset + segment.fileSize, size];
  const from = offset > segment.offset ? offset : segment.offset;
  const to = ends.reduce((a, b) => (a < b ? a : b));
  return from < to ? [{ start: Number(from), end: Number(to) }] : [];
}
