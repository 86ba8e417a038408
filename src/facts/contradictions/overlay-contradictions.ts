import { MalformedElf } from '../../base/errors.ts';
import { PT } from '../../elf/constants.ts';
import {
  firstEndingAfter,
  isMappedByKernel,
  type MappedPiece,
  type Mapper,
  memoryMap,
} from '../../elf/memory/memory-map.ts';
import type { Elf } from '../../elf/model.ts';
import type { Segment } from '../../elf/records.ts';
import { hex, programHeaderOffset } from '../file/header-offsets.ts';
import type { Contradiction } from './contradiction.ts';

/** More than a few say nothing new. */
const maxReported = 8;

/**
 * Memory is mapped by pages, so a segment can hide bytes of another one without overlapping it by its addresses. A page
 * that two segments share and that shows the same bytes of the file hides nothing.
 */
export function overlayContradictions(elf: Elf): Contradiction[] {
  const loads = elf.segments.filter(({ type }) => type === PT.LOAD);
  return mappersOf(elf)
    .flatMap((mapper) => hiddenBytes(elf, loads, mapper))
    .slice(0, maxReported);
}

export function headerContradictions(elf: Elf): Contradiction[] {
  const seen = headersInMemory(elf);
  if (seen === null) return [];
  return [
    {
      message: 'the process reads another program header table than the kernel',
      what: 'program headers in memory',
      saw: seen,
      offset: elf.header.programHeaderOffset,
    },
  ];
}

/** null where they are those of the file. */
function headersInMemory(elf: Elf): string | null {
  try {
    return elf.processSegments === elf.segments ? null : 'other bytes than at e_phoff';
  } catch (error) {
    if (!(error instanceof MalformedElf)) throw error;
    return error.message;
  }
}

function mappersOf({ header, segments }: Elf): readonly Mapper[] {
  return isMappedByKernel(header, segments) ? ['kernel'] : ['kernel', 'glibc', 'musl'];
}

function hiddenBytes(elf: Elf, loads: readonly Segment[], mapper: Mapper): Contradiction[] {
  const memory = memoryMap(elf.header, elf.segments, mapper);
  return loads.flatMap((load) => {
    const other = firstOther(memory, load);
    if (other === null) return [];
    return [
      {
        message: `PT_LOAD segment ${other.segment.index} is mapped over bytes of segment ${load.index}`,
        what: 'file offsets of the hidden and of the mapped byte',
        saw: `${hex(load.offset + (other.start - load.address))}, ${other.offset === null ? 'zeros' : hex(other.offset)} (mapped by ${mapper})`,
        offset: programHeaderOffset(elf, other.segment),
      },
    ];
  });
}

/** The first memory of another segment in place of the file bytes of this one. */
function firstOther(memory: readonly MappedPiece[], load: Segment): MappedPiece | null {
  const end = load.address + load.fileSize;
  for (let at = firstEndingAfter(memory, load.address); at < memory.length; at += 1) {
    const piece = memory[at];
    if (piece === undefined || piece.start >= end) return null;
    const start = piece.start > load.address ? piece.start : load.address;
    const wanted = load.offset + (start - load.address);
    const shown = piece.offset === null ? null : piece.offset + (start - piece.start);
    if (piece.segment !== load && shown !== wanted) return { ...piece, start, offset: shown };
  }
  return null;
}
