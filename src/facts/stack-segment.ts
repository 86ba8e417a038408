import { ET, PF, PT, SHF } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import type { Segment } from '../elf/records.ts';
import { factExtractor } from './fact-extractor.ts';
import { segmentFlags, segmentFlagsOffset } from './file/header-offsets.ts';
import { type StackDefaults, stackDefaults } from './stack/stack-defaults.ts';

/** What the file asks the stack to be, and what happens where it does not ask. */
export interface StackSegment extends StackMark {
  readonly defaults: StackDefaults;
}

interface StackMark {
  /**
   * `segment`: by PT_GNU_STACK. `section`: an object file, by .note.GNU-stack. `nothing`: an object file without
   * anything to load, such as debug or export data, which no program is linked from.
   */
  readonly by: 'segment' | 'section' | 'nothing';
  /** null when it does not ask: the kernel, the C library or the linker then decides. */
  readonly executable: boolean | null;
  /** Flags as readelf writes them; null when there is nothing. */
  readonly flags: string | null;
  /** File offset of the flags. */
  readonly offset: bigint | null;
  /** More than one is a contradiction: the last one counts. */
  readonly count: number;
}

export default factExtractor('headers', (elf): StackSegment => {
  const mark = elf.header.type === ET.REL ? markOfObject(elf) : markOfProgram(elf);
  return { ...mark, defaults: stackDefaults(elf.header) };
});

/**
 * Linux takes the program headers of the file for the stack that it makes, glibc those in memory for the stacks of
 * threads: where they differ, the worse counts.
 */
function markOfProgram(elf: Elf): StackMark {
  const mark = kernelStackMark(elf);
  // Nothing is worse, and the headers in memory may be unreadable.
  if (mark.executable === true || elf.processSegments === elf.segments) return mark;
  const ofThreads = { ...markIn(elf, elf.processSegments), offset: null };
  return badness(ofThreads) > badness(mark) ? ofThreads : mark;
}

/** What Linux goes by for the stack that it makes. */
export function kernelStackMark(elf: Elf): StackMark {
  return markIn(elf, elf.segments);
}

function badness({ executable }: StackMark): number {
  if (executable === null) return 1;
  return executable ? 2 : 0;
}

/** Linux (fs/binfmt_elf.c, load_elf_binary), glibc and musl go through all headers, so the last one wins. */
function markIn(elf: Elf, segments: readonly Segment[]): StackMark {
  const marks = segments.filter(({ type }) => type === PT.GNU_STACK);
  const last = marks.at(-1);
  if (last === undefined) {
    return { by: 'segment', executable: null, flags: null, offset: null, count: 0 };
  }
  return {
    by: 'segment',
    executable: (last.flags & PF.X) !== 0,
    flags: segmentFlags(last),
    offset: segmentFlagsOffset(elf, last),
    count: marks.length,
  };
}

function markOfObject(elf: Elf): StackMark {
  const loads = elf.sections.some(({ flags, size }) => (flags & SHF.ALLOC) !== 0n && size > 0n);
  if (!loads) return { by: 'nothing', executable: null, flags: null, offset: null, count: 0 };
  const marks = elf.sections.filter(({ name }) => name === '.note.GNU-stack');
  const executable = marks.some(({ flags }) => (flags & SHF.EXECINSTR) !== 0n);
  return {
    by: 'section',
    executable: marks.length === 0 ? null : executable,
    flags: marks.length === 0 ? null : executable ? 'X' : 'none',
    offset: marks[0] === undefined ? null : sectionFlagsOffset(elf, marks[0].index),
    count: marks.length,
  };
}

/** File offset of sh_flags. */
function sectionFlagsOffset({ header }: Elf, index: number): bigint {
  return header.sectionHeaderOffset + BigInt(index * header.sectionHeaderSize + 8);
}
