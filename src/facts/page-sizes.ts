import type { Evidence } from '../base/verdict.ts';
import { aarch64PageLimit } from '../code/machines/aarch64-page-limit.ts';
import { EM } from '../elf/constants.ts';
import { kernelPagesOf } from '../elf/memory/page.ts';
import { losesExecution, type PageFit, pageFit } from '../elf/memory/page-fit.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { evidence, hex, programHeaderOffset } from './file/header-offsets.ts';
import kind from './kind.ts';
import { isUnprotectable } from './link-tables/relro-range.ts';
import { findConstant, jemallocText } from './search/byte-marks.ts';

/** On kernels with which page sizes the file can be started or loaded. */
export interface PageSizes {
  /** Those that kernels of the machine have, the smallest first. One alone: nothing to decide. */
  readonly sizes: readonly PageSize[];
  /** A memory allocator in the file that is built for pages up to a size; null: none is known to be there. */
  readonly allocator: Allocator | null;
  readonly evidence: readonly Evidence[];
}

export interface PageSize {
  /** Bytes. */
  readonly size: number;
  /** Most kernels of the machine have it. */
  readonly isUsual: boolean;
  /**
   * `shared`: segments overlap in a page of the size, so that one loses its end or its rights; `entry-lost`: so does the page that
   * the program is entered in.
   */
  readonly segments: PageFit['how'] | 'entry-lost';
  /** PT_GNU_RELRO reaches where nothing is mapped: the loader ends the program. */
  readonly isUnprotectable: boolean;
}

export interface Allocator {
  readonly name: 'jemalloc';
  /** Bytes; with larger pages its first call fails. null: the code does not show it. */
  readonly largest: number | null;
}

export default factExtractor('code', (elf): PageSizes => {
  const { sizes, usual } = kernelPagesOf(elf.header);
  const fits = sizes.map((size) => ({ size, fit: pageFit(elf.segments, BigInt(size)) }));
  const bad = fits.find(({ fit }) => fit.how !== 'fits')?.fit;
  const text = sizes.length > 1 ? addressOfText(elf) : null;
  const allocator: Allocator | null =
    text === null ? null : { name: 'jemalloc', largest: largestPage(elf, text) };
  return {
    sizes: fits.map(({ size, fit }) => ({
      size,
      isUsual: size === usual,
      segments: fit.how === 'shared' && losesEntry(elf, BigInt(size)) ? 'entry-lost' : fit.how,
      isUnprotectable: isUnprotectable(elf, BigInt(size)),
    })),
    allocator,
    evidence: [
      ...(bad === undefined || bad.how === 'fits' ? [] : [segmentEvidence(elf, bad.segment)]),
      ...(text === null ? [] : [evidence("jemalloc's message on pages", hex(text), null)]),
    ],
  };
});

/** Old linkers give libraries an entry point too. On MIPS what can be read may be executed. */
function losesEntry(elf: Elf, page: bigint): boolean {
  const isLibrary = kind(elf).kind === 'shared-library';
  if (isLibrary || elf.header.machine === EM.MIPS) return false;
  return losesExecution(elf.segments, page, elf.header.entry);
}

function largestPage(elf: Elf, text: bigint): number | null {
  const isKnown = elf.header.machine === EM.AARCH64 && elf.header.byteOrder === 'little';
  return isKnown ? aarch64PageLimit(elf, text) : null;
}

function addressOfText(elf: Elf): bigint | null {
  const found = findConstant(elf, jemallocText);
  if (found === null) return null;
  const offset = BigInt(found.offset);
  for (const piece of elf.memory) {
    if (piece.offset === null || piece.offset > offset) continue;
    const address = piece.start + (offset - piece.offset);
    if (address < piece.end) return address;
  }
  return null;
}

function segmentEvidence(
  elf: Elf,
  segment: Extract<PageFit, { segment: unknown }>['segment'],
): Evidence {
  const { index, offset, address } = segment;
  return evidence(
    `PT_LOAD segment ${index}`,
    `offset ${hex(offset)}, address ${hex(address)}`,
    programHeaderOffset(elf, segment),
  );
}
