import type { Evidence } from '../base/verdict.ts';
import { PF, PT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import type { Segment } from '../elf/records.ts';
import { factExtractor } from './fact-extractor.ts';
import {
  hex,
  programHeaderOffset,
  segmentFlags,
  segmentFlagsOffset,
} from './file/header-offsets.ts';
import { readImpliesExecution } from './file/read-implies-execution.ts';
import kind, { type BinaryKind } from './kind.ts';

/** Memory that is both writable and executable, by the program header table. */
export interface WritableCode {
  /** PT_LOAD segments with PF_W and PF_X, readable or not: on most machines either implies readable. */
  readonly segments: readonly Evidence[];
  /** PT_TLS segments with PF_X. Loaders ignore the flag; it shows code sections among thread-local data. */
  readonly threadLocal: readonly Evidence[];
  /**
   * Memory of segments that do not request it: after the file bytes of a PT_LOAD with only PF_X the kernel maps zeros
   * that can be written and run.
   */
  readonly zeros: readonly Evidence[];
  /**
   * Memory that is mapped writable and readable only, and that Linux makes executable because the program has no
   * PT_GNU_STACK.
   */
  readonly implied: readonly Evidence[];
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
    zeros: writableZeros(elf),
    implied: impliedCode(elf),
    loads: of(PT.LOAD).length,
  };
});

function writableZeros(elf: Elf): Evidence[] {
  const found = elf.memory.filter(
    ({ flags, segment }) =>
      (flags & PF.W) !== 0 && (flags & PF.X) !== 0 && (segment.flags & PF.W) === 0,
  );
  return found.map(({ start, end, segment }) => ({
    what: `memory behind the file bytes of program header ${segment.index}`,
    saw: `${hex(start)} to ${hex(end)}, mapped RWE`,
    offset: programHeaderOffset(elf, segment),
  }));
}

/** Only the program decides what a process is like: nothing follows for libraries. */
function impliedCode(elf: Elf): Evidence[] {
  if (!readImpliesExecution(elf.header, elf.segments) || !isProgram(elf)) return [];
  const both = PF.R | PF.W;
  return elf.segments
    .filter(({ type, flags }) => type === PT.LOAD && (flags & both) === both)
    .map((segment) => flagsOf(elf, segment, 'PT_LOAD'));
}

const programs: readonly BinaryKind[] = [
  'executable',
  'static-executable',
  'static-pie',
  'executable-library',
];

function isProgram(elf: Elf): boolean {
  return programs.includes(kind(elf).kind);
}

function flagsOf(elf: Elf, segment: Segment, type: string): Evidence {
  return {
    what: `flags of program header ${segment.index}, ${type} at ${hex(segment.address)}`,
    saw: segmentFlags(segment),
    offset: segmentFlagsOffset(elf, segment),
  };
}
