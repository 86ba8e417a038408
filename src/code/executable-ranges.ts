import { ET, PF, PT, SHF, SHT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';

/** Bytes that may run, in file order and without overlap, so their sum never exceeds the file. */
export interface ExecutableRange {
  /** File offset of the first byte. */
  readonly offset: number;
  /** File offset after the last byte. */
  readonly end: number;
  /** Virtual address of the first byte; 0 in a relocatable file. */
  readonly address: bigint;
}

const perFile = new WeakMap<Elf, readonly ExecutableRange[]>();

/**
 * File bytes of PF_X segments, narrowed to the SHF_EXECINSTR sections where these are believable: inside such a
 * segment, and holding the entry point. A segment without `-z separate-code` also carries constants, in which a
 * pattern of machine code may be seen by chance.
 */
export function executableRanges(elf: Elf): readonly ExecutableRange[] {
  const seen = perFile.get(elf);
  if (seen !== undefined) return seen;
  const sections = executableSections(elf);
  const segments = executableSegments(elf);
  const ranges = withoutOverlap(
    elf.header.type === ET.REL ? sections : narrowed(elf, segments, sections),
  );
  perFile.set(elf, ranges);
  return ranges;
}

/**
 * Whether executable ranges hold hardly anything but code: sections of code, or segments apart from the headers, as
 * `-z separate-code` and lld make them.
 */
export function isPureCode(elf: Elf): boolean {
  return !executableRanges(elf).some(({ offset }) => offset === 0);
}

function executableSegments(elf: Elf): ExecutableRange[] {
  return elf.segments
    .filter(
      ({ type, flags, fileSize }) => type === PT.LOAD && (flags & PF.X) !== 0 && fileSize > 0n,
    )
    .map(({ offset, fileSize, address }) => extentOf(elf, offset, fileSize, address));
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
