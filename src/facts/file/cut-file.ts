import { EM, PF, PT } from '../../elf/constants.ts';
import { firstEndingAfter } from '../../elf/memory/memory-map.ts';
import { largestPageOf, pageStart } from '../../elf/memory/page.ts';
import type { Elf } from '../../elf/model.ts';
import { hex } from '../../elf/reading/narrow.ts';
import { optional } from '../../elf/reading/witness.ts';
import type { Segment } from '../../elf/records.ts';
import { kernelStackMark } from '../stack-segment.ts';
import { debugOnlyEvidence } from './debug-only.ts';

/**
 * Why none of the file's instructions ever runs, though its headers are whole: what is needed first lies in pages behind
 * the end of the file, and a process that touches one gets SIGBUS. null where something runs, or might: a static program
 * starts without its dynamic section, and a loader of one's own may do without anything.
 *
 * @param starts Linux starts the file (kernel-start.ts).
 */
export function cutBeforeUse(elf: Elf, starts: boolean): string | null {
  return optional(() => (lostSegment(elf) === null ? null : lostToAll(elf, starts)));
}

/**
 * The same of a program that Linux starts with a loader: it dies only if that loader reads the dynamic section first, as those of
 * glibc and musl do. Which one it is, the root knows (accepted-here.ts); a path proves nothing.
 */
export function cutBeforeLinking(elf: Elf): string | null {
  return optional(() => {
    if (lostSegment(elf) === null || !hasLoader(elf) || isOtherwiseSeen(elf)) return null;
    return lostDynamic(elf);
  });
}

/** What only debuggers read lost its bytes on purpose. A loader that sees other headers sees another file. */
function isOtherwiseSeen(elf: Elf): boolean {
  return debugOnlyEvidence(elf) !== null || elf.loaderSegments !== elf.segments;
}

function hasLoader(elf: Elf): boolean {
  return elf.segments.some(({ type }) => type === PT.INTERP);
}

function lostToAll(elf: Elf, starts: boolean): string | null {
  if (isOtherwiseSeen(elf)) return null;
  if (starts && hasLoader(elf)) return null;
  const isForLoaders = elf.segments.some(({ type }) => type === PT.DYNAMIC);
  const toLoaders = isForLoaders ? (lostDynamic(elf) ?? lostZeros(elf)) : null;
  if (isForLoaders && toLoaders === null) return null;
  if (!starts) return toLoaders ?? lostSegment(elf);
  return lostEntry(elf) ?? (isForLoaders && neverRuns(elf) ? toLoaders : null);
}

/** Every one of them, as loaders differ in which one counts. */
function lostDynamic(elf: Elf): string | null {
  const all = elf.segments.filter(({ type }) => type === PT.DYNAMIC);
  const [first] = all;
  if (first === undefined || !all.every(({ address }) => isLost(elf, address))) return null;
  return `PT_DYNAMIC is at address ${hex(first.address)}, ${behind(elf)}`;
}

/** Loaders write zeros behind the file bytes of a writable segment, up to the end of the page. */
function lostZeros(elf: Elf): string | null {
  const page = largestPageOf(elf.header.machine);
  const lost = elf.segments.find(({ type, flags, offset, fileSize, memorySize }) => {
    if (type !== PT.LOAD || (flags & PF.W) === 0 || memorySize <= fileSize) return false;
    const end = offset + fileSize;
    return fileSize > 0n && end % page !== 0n && pageStart(end, page) >= BigInt(elf.bytes.size);
  });
  return lost === undefined ? null : endsBehind(elf, lost);
}

/** Boot loaders copy whole segments only. */
function lostSegment(elf: Elf): string | null {
  const lost = elf.segments.find(
    ({ type, offset, fileSize }) =>
      type === PT.LOAD && fileSize > 0n && offset + fileSize > BigInt(elf.bytes.size),
  );
  return lost === undefined ? null : endsBehind(elf, lost);
}

/** Of a program that starts by itself. */
function lostEntry(elf: Elf): string | null {
  const { entry } = elf.header;
  return isLost(elf, entry) ? `the entry point is at address ${hex(entry)}, ${behind(elf)}` : null;
}

/**
 * Libraries have the address 0 for an entry point, which is that of their headers: not executable, on machines where all
 * processors know such pages, and in a file that does not ask Linux to do without them.
 */
function neverRuns(elf: Elf): boolean {
  const machines: readonly number[] = [EM.X86_64, EM.AARCH64, EM.RISCV, EM.PPC64];
  const piece = pieceAt(elf, elf.header.entry);
  return (
    piece !== undefined &&
    (piece.flags & PF.X) === 0 &&
    machines.includes(elf.header.machine) &&
    kernelStackMark(elf).executable === false
  );
}

/** Whether the page of the address is one of the file that lies wholly behind its end, on any kernel. */
function isLost(elf: Elf, address: bigint): boolean {
  const piece = pieceAt(elf, address);
  if (piece === undefined || piece.offset === null) return false;
  const offset = piece.offset + (address - piece.start);
  return pageStart(offset, largestPageOf(elf.header.machine)) >= BigInt(elf.bytes.size);
}

function pieceAt({ memory }: Elf, address: bigint) {
  const piece = memory[firstEndingAfter(memory, address)];
  return piece !== undefined && piece.start <= address ? piece : undefined;
}

function behind({ bytes }: Elf): string {
  return `in a page behind the end of the file at ${hex(BigInt(bytes.size))}`;
}

function endsBehind({ bytes }: Elf, { index, offset, fileSize }: Segment): string {
  return `PT_LOAD segment ${index} ends at ${hex(offset + fileSize)}, behind the end of the file at ${hex(BigInt(bytes.size))}`;
}
