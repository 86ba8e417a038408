import { PF, PT } from '../elf/constants.ts';
import type { Elf, Segment } from '../elf/model.ts';
import type { Evidence } from '../verdict.ts';
import { factExtractor } from './fact-extractor.ts';
import { hex, segmentFlags, segmentFlagsOffset } from './places.ts';

/** Whether code has segments of its own. */
export interface SeparateCode {
  /** PT_LOAD segments with PF_X. */
  readonly executableSegments: number;
  /** Those of them that hold the ELF header, and with it the linker's tables and constants. */
  readonly withHeaders: readonly Evidence[];
}

export default factExtractor('tables', (elf): SeparateCode => {
  const executable = elf.segments.filter(
    ({ type, flags }) => type === PT.LOAD && (flags & PF.X) !== 0,
  );
  const withHeaders = executable.filter(({ offset, fileSize }) => offset === 0n && fileSize > 0n);
  return {
    executableSegments: executable.length,
    withHeaders: withHeaders.map((segment) => mapped(elf, segment)),
  };
});

function mapped(elf: Elf, segment: Segment): Evidence {
  return {
    what: `program header ${segment.index}, PT_LOAD of file bytes 0 to ${hex(segment.fileSize)}`,
    saw: segmentFlags(segment),
    offset: segmentFlagsOffset(elf, segment),
  };
}
