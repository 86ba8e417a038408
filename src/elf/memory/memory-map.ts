import { LimitExceeded } from '../../base/errors.ts';
import { ET, PF, PT } from '../constants.ts';
import type { FileHeader, Segment } from '../records.ts';
import { pageEnd, pageSizeOf, pageStart } from './page.ts';

/** A stretch of memory: whole pages, but for where file bytes end and zeros begin. */
export interface MappedPiece {
  readonly start: bigint;
  /** Exclusive. */
  readonly end: bigint;
  /** File offset of the first byte; null where there are zeros. */
  readonly offset: bigint | null;
  /** PF_*, as the memory is mapped. */
  readonly flags: number;
  /** The segment that brought it. */
  readonly segment: Segment;
}

/**
 * Who maps the file. All map whole pages, later segments over earlier ones, and differ in where zeros are:
 * - `kernel` (elf_load in fs/binfmt_elf.c): from the end of the file bytes to the end of the page, if the segment is
 *   writable; for a segment without file bytes whole pages. Before Linux 6.6 the last segment's zeros came last.
 * - `glibc` (_dl_map_segments): only up to p_memsz, in any segment.
 * - `musl` (map_library): as the kernel, but a segment that is not writable gets file bytes up to p_memsz.
 */
export type Mapper = 'kernel' | 'glibc' | 'musl';

/** Linux maps no file with more than 64 KiB of program headers (fs/binfmt_elf.c): 2,048 of the smaller kind. */
const maxLoads = 2048;

/** The memory of a file, sorted and without overlap. Addresses are those of the file: without what is drawn at start. */
export function memoryMap(
  header: FileHeader,
  segments: readonly Segment[],
  mapper: Mapper,
): readonly MappedPiece[] {
  const loads = segments.filter(({ type }) => type === PT.LOAD);
  if (loads.length > maxLoads) {
    throw new LimitExceeded(`${loads.length} PT_LOAD segments, Linux maps at most ${maxLoads}`);
  }
  const page = pageSizeOf(header.machine);
  const pieces: MappedPiece[] = [];
  for (const load of loads) {
    for (const piece of layersOf(load, page, mapper)) {
      if (piece.start < piece.end) mapOver(pieces, piece);
    }
  }
  return pieces;
}

/** Libraries are mapped by loaders, programs by the kernel. What has no interpreter may be either. */
export function isMappedByKernel(header: FileHeader, segments: readonly Segment[]): boolean {
  return header.type === ET.EXEC || segments.some(({ type }) => type === PT.INTERP);
}

/** In the order in which they are mapped. */
function layersOf(load: Segment, page: bigint, mapper: Mapper): MappedPiece[] {
  const { address, offset, fileSize, memorySize, flags } = load;
  const piece = (start: bigint, end: bigint, at: bigint | null, as = flags): MappedPiece => ({
    start,
    end,
    offset: at,
    flags: as,
    segment: load,
  });
  // The kernel refuses it, and loaders check it: what tools make of it is as good as anything.
  if (fileSize > 0n && (offset - address) % page !== 0n) {
    return [
      piece(address, address + fileSize, offset),
      piece(address + fileSize, address + memorySize, null),
    ];
  }
  const first = pageStart(address, page);
  const dataEnd = address + fileSize;
  const memoryEnd = pageEnd(address + memorySize, page);
  const lead = offset - (address - first);
  const isZeroed = memorySize > fileSize;
  if (mapper === 'musl' && (flags & PF.W) === 0) return [piece(first, memoryEnd, lead)];
  if (fileSize === 0n && mapper === 'kernel') {
    return isZeroed ? [piece(first, memoryEnd, null, anonymous(flags))] : [];
  }
  const mapped = pageEnd(dataEnd, page);
  const layers = [piece(first, mapped, lead)];
  if (!isZeroed) return layers;
  if (mapper === 'glibc') {
    const zeroEnd = address + memorySize < mapped ? address + memorySize : mapped;
    layers.push(piece(dataEnd, zeroEnd, null), piece(mapped, memoryEnd, null));
    return layers;
  }
  if ((flags & PF.W) !== 0) layers.push(piece(dataEnd, mapped, null));
  layers.push(piece(mapped, memoryEnd, null, mapper === 'kernel' ? anonymous(flags) : flags));
  return layers;
}

/** vm_brk_flags: readable and writable, whatever the segment says. */
function anonymous(flags: number): number {
  return PF.R | PF.W | (flags & PF.X);
}

/** MAP_FIXED. */
function mapOver(pieces: MappedPiece[], piece: MappedPiece): void {
  const last = pieces.at(-1);
  if (last === undefined || last.end <= piece.start) {
    pieces.push(piece);
    return;
  }
  const from = firstEndingAfter(pieces, piece.start);
  let to = from;
  const kept: MappedPiece[] = [];
  for (let old = pieces[to]; old !== undefined && old.start < piece.end; old = pieces[to]) {
    if (old.start < piece.start) kept.push({ ...old, end: piece.start });
    if (old.end > piece.end) kept.push(behind(old, piece.end));
    to += 1;
  }
  const before = kept.filter(({ start }) => start < piece.start);
  const after = kept.filter(({ start }) => start >= piece.end);
  pieces.splice(from, to - from, ...before, piece, ...after);
}

function behind(old: MappedPiece, start: bigint): MappedPiece {
  const offset = old.offset === null ? null : old.offset + (start - old.start);
  return { ...old, start, offset };
}

/** Index of the first piece that ends after `address`: the one that holds it, or the next. */
export function firstEndingAfter(pieces: readonly MappedPiece[], address: bigint): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = pieces[middle];
    if (piece !== undefined && piece.end <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
