import { ET, PF, PT, SHF, SHT } from '../../elf/constants.ts';
import type { MappedPiece } from '../../elf/memory/memory-map.ts';
import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import type { Segment } from '../../elf/records.ts';

/** Bytes that may run, in file order and without overlap, so their sum never exceeds the file. */
export interface ExecutableRange {
  /** File offset of the first byte. */
  readonly offset: number;
  /** File offset after the last byte. */
  readonly end: number;
  /** Virtual address of the first byte; 0 in a relocatable file. */
  readonly address: bigint;
}

/**
 * File bytes that are mapped executable, narrowed to the SHF_EXECINSTR sections where these are believable: inside such a
 * segment, and holding the entry point. A segment without `-z separate-code` also carries constants, in which a
 * pattern of machine code may be seen by chance.
 */
export const executableRanges = perFile((elf): readonly ExecutableRange[] => {
  const sections = executableSections(elf);
  const segments = executableSegments(elf);
  return withoutOverlap(elf.header.type === ET.REL ? sections : narrowed(elf, segments, sections));
});

/**
 * Whether executable ranges hold hardly anything but code: sections of code, or segments apart from the headers, as
 * `-z separate-code` and lld make them.
 */
export function isPureCode(elf: Elf): boolean {
  return !executableRanges(elf).some(({ offset }) => offset === 0);
}

/**
 * What is mapped executable. Pages show file bytes around a segment too; those of another segment are data, which chance
 * makes look like code, unless the entry point is among them.
 */
function executableSegments(elf: Elf): ExecutableRange[] {
  const loads = elf.segments.filter(({ type, fileSize }) => type === PT.LOAD && fileSize > 0n);
  return elf.memory.flatMap((piece) =>
    piece.offset === null || (piece.flags & PF.X) === 0 ? [] : [codeIn(elf, piece, loads)],
  );
}

function codeIn(elf: Elf, piece: MappedPiece, loads: readonly Segment[]): ExecutableRange {
  const { entry } = elf.header;
  const start = piece.offset ?? 0n;
  const end = start + (piece.end - piece.start);
  const entryOffset =
    entry >= piece.start && entry < piece.end ? start + (entry - piece.start) : null;
  const own = piece.segment;
  const ownEnd = own.offset + own.fileSize;
  const others = loads.filter((load) => load !== own);
  const isOthers = (from: bigint, until: bigint) =>
    from < until &&
    !(entryOffset !== null && entryOffset >= from && entryOffset < until) &&
    others.some(({ offset, fileSize }) => offset < until && offset + fileSize > from);
  const first = isOthers(start, own.offset < end ? own.offset : end) ? own.offset : start;
  const last = isOthers(ownEnd > start ? ownEnd : start, end) ? ownEnd : end;
  if (first >= last) return extentOf(elf, start, 0n, piece.start);
  return extentOf(elf, first, last - first, piece.start + (first - start));
}

function executableSections(elf: Elf): ExecutableRange[] {
  return elf.sections
    .filter(
      ({ type, flags, size }) =>
        type === SHT.PROGBITS && (flags & SHF.EXECINSTR) !== 0n && size > 0n,
    )
    .map(({ offset, size, address }) => extentOf(elf, offset, size, address));
}

/** What lies beyond the end of the file is not there to be run: the kernel would deliver SIGBUS. */
function extentOf(elf: Elf, offset: bigint, size: bigint, address: bigint): ExecutableRange {
  const fileSize = BigInt(elf.bytes.size);
  const start = offset < fileSize ? offset : fileSize;
  const end = start + size < fileSize ? start + size : fileSize;
  return { offset: Number(start), end: Number(end), address };
}

function narrowed(
  elf: Elf,
  segments: ExecutableRange[],
  sections: ExecutableRange[],
): ExecutableRange[] {
  const inside = sections.filter((section) => segments.some((segment) => holds(segment, section)));
  const { entry } = elf.header;
  // Entry point 0 means that there is none, though a library's first segment may begin at address 0.
  const enters = (extent: ExecutableRange) =>
    entry !== 0n &&
    entry >= extent.address &&
    entry < extent.address + BigInt(extent.end - extent.offset);
  const believable = inside.length > 0 && (inside.some(enters) || !segments.some(enters));
  return believable ? inside : segments;
}

/** Inside by file offset and by address alike. */
function holds(segment: ExecutableRange, section: ExecutableRange): boolean {
  return (
    section.offset >= segment.offset &&
    section.end <= segment.end &&
    section.address - segment.address === BigInt(section.offset - segment.offset)
  );
}

function withoutOverlap(extents: readonly ExecutableRange[]): ExecutableRange[] {
  const apart: ExecutableRange[] = [];
  let free = 0;
  for (const extent of [...extents].sort((a, b) => a.offset - b.offset)) {
    const offset = Math.max(extent.offset, free);
    if (offset >= extent.end) continue;
    apart.push({
      offset,
      end: extent.end,
      address: extent.address + BigInt(offset - extent.offset),
    });
    free = extent.end;
  }
  return apart;
}
