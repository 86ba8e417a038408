import type { Elf } from '../elf/model.ts';
import { countPerFunction } from './coverage.ts';
import { executableRanges } from './executable-ranges.ts';
import { functionsOf } from './functions.ts';
import { machineOf } from './machine-of.ts';
import { programSpans } from './program-spans.ts';
import { sightingsOf } from './sightings.ts';
import { isCovered, isWithin, type Span } from './span.ts';

/** How functions with frames that could step over a guard page are made. */
export interface StackProbes {
  /** Bytes; larger frames have to be probed. */
  readonly limit: number;
  /** Functions with a larger frame: of the program, where libc can be told apart from it. */
  readonly largeFrames: number;
  /** Those of them that touch the stack page by page. */
  readonly probed: number;
  /** Probing instructions in the whole file. */
  readonly probes: number;
  /** File offset of the first function with a large frame that is not probed. */
  readonly firstUnprobed: number | null;
  /** Unwind information describes at least half of the code, so the frames are those of the code. */
  readonly covered: boolean;
}

/** What the kernel leaves below a stack by default, and what compilers count with where no probe is known. */
const guardPage = 4096;

/** null when no unwind information tells the frames. */
export function stackProbes(elf: Elf): StackProbes | null {
  const functions = functionsOf(elf);
  if (!functions.known) return null;
  const spans = programSpans(elf)?.spans ?? null;
  const own =
    spans === null
      ? functions.ranges
      : functions.ranges.filter(({ start }) => isWithin(spans, start));
  const limit = machineOf(elf.header)?.largeFrame ?? guardPage;
  const sightings = sightingsOf(elf);
  const allocating = countPerFunction(own, sightings?.largeAllocations ?? []);
  // Return address and saved frame pointer: the rest of such a frame is not described.
  const framePointer = elf.header.bits / 4;
  const large = own.filter(
    ({ frame }, index) => frame > limit || (frame === framePointer && allocating[index] !== 0),
  );
  const probes = sightings?.stackProbes ?? [];
  const perFunction = countPerFunction(large, probes);
  const unprobed = large.find((_, index) => perFunction[index] === 0);
  return {
    limit,
    largeFrames: large.length,
    probed: perFunction.reduce((count, sightings) => count + (sightings > 0 ? 1 : 0), 0),
    probes: probes.length,
    firstUnprobed: unprobed?.start ?? null,
    covered: isCovered(spans ?? executableSpans(elf), own),
  };
}

function executableSpans(elf: Elf): Span[] {
  return executableRanges(elf).map(({ offset, end }) => ({ start: offset, end }));
}
