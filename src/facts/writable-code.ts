import { PF, PT } from '../elf/constants.ts';
import type { Elf, Segment } from '../elf/model.ts';
import type { Evidence } from '../verdict.ts';
import { factExtractor } from './fact-extractor.ts';
import { hex, segmentFlags, segmentFlagsOffset } from './places.ts';

/** Memory that the program header table asks to be both writable and executable. */
export interface WritableCode {
  /** PT_LOAD segments with PF_W and PF_X, readable or not: on most machines either implies readable. */
  readonly segments: readonly Evidence[];
  /** PT_TLS segments with PF_X. Loaders ignore the flag; it tells of code sections among thread-local data. */
  readonly threadLocal: readonly Evidence[];
  /** PT_LOAD segments in all. */
  readonly loads: number;
}

export default factExtractor('tables', (elf): WritableCode => {
  const of = (kind: number) => elf.segments.filter(({ type }) => type === kind);
  return {
    segments: of(PT.LOAD)
      .filter(({ flags }) => (flags & PF.W) !== 0 && (flags & PF.X) !== 0)
      .map((segment) => flagsOf(elf, segment, 'PT_LOAD')),
    threadLocal: of(PT.TLS)
      .filter(({ flags }) => (flags & PF.X) !== 0)
      .map((segment) => flagsOf(elf, segment, 'PT_TLS')),
    loads: of(PT.LOAD).length,
  };
});

function flagsOf(elf: Elf, segment: Segment, type: string): Evidence {
  return {
    what: `flags of program header ${segment.index}, ${type} at ${hex(segment.address)}`,
    saw: segmentFlags(segment),
    offset: segmentFlagsOffset(elf, segment),
  };
}
