import type { Evidence } from '../base/verdict.ts';
import { PF, PT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import type { Segment } from '../elf/records.ts';
import { factExtractor } from './fact-extractor.ts';
import { hex, segmentFlags, segmentFlagsOffset } from './file/header-offsets.ts';

/** Whether code has segments of its own. */
export interface SeparateCode {
  /** PT_LOAD segments with PF_X. */
  readonly executableSegments: number;
  /** Those of them that hold the ELF header, and with it the linker's tables and constants. */
  readonly withHeaders: readonly Evidence[];
}

export default factExtractor('headers', (elf): SeparateCode => {
  const executable = elf.segments.filter(
    ({ type, flags }) => type === PT.LOAD && (flags & PF.X) !== 0,
  );
  const withHeaders = executable.filter(
    (segment) => segment.fileSize > 0n && showsHeader(elf, segment),
  );
  return {
    executableSegments: executable.length,
    withHeaders: withHeaders.map((segment) => mapped(elf, segment)),
  };
});

/**
 * Pages bring the header into a segment that begins behind it in the first page of the file. Linkers make such segments
 * where another one is there for the header: the page then holds code for the sake of its rest.
 */
function showsHeader(elf: Elf, segment: Segment): boolean {
  if (segment.offset === 0n) return true;
  const brings = elf.memory.some((piece) => piece.segment === segment && piece.offset === 0n);
  if (!brings) return false;
  return !elf.segments.some(
    ({ type, flags, offset, fileSize }) =>
      type === PT.LOAD && (flags & PF.X) === 0 && offset === 0n && fileSize > 0n,
  );
}

function mapped(elf: Elf, segment: Segment): Evidence {
  return {
    what: `program header ${segment.index}, PT_LOAD of file bytes 0 to ${hex(segment.fileSize)}`,
    saw: segmentFlags(segment),
    offset: segmentFlagsOffset(elf, segment),
  };
}
