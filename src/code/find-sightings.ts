import { LimitExceeded } from '../base/errors.ts';
import type { Elf } from '../elf/model.ts';
import { hotSize } from '../elf/reading/file-pieces.ts';
import { type CodePiece, codePieces } from './functions/code-pieces.ts';
import type { Machine } from './machine.ts';
import { machineOf } from './machine-of.ts';
import { type GuardedCall, noSightings, type SightingList, type Sightings } from './sightings.ts';

const perFile = new WeakMap<Elf, Sightings | LimitExceeded | null>();

/**
 * Sightings of one file, of all kinds together. Code that is nothing but sightings would take gigabytes and minutes; a
 * browser of 236 MB of code has two million.
 */
export const mostSightings = 8_000_000;

/**
 * Scans all executable code once for all patterns of the file's machine; null when none are known for it. `alongside` is
 * given each piece of the code too, since reading a large file again costs as much as a scan. Throws LimitExceeded.
 */
export function sightingsOf(elf: Elf, alongside?: VisitPiece): Sightings | null {
  let sightings = perFile.get(elf);
  if (sightings === undefined) {
    const machine = machineOf(elf.header);
    sightings = machine === null ? null : scanOrLimit(elf, machine, alongside);
    perFile.set(elf, sightings);
    if (sightings instanceof LimitExceeded) throw sightings;
  } else if (sightings instanceof LimitExceeded) {
    throw sightings;
  } else if (alongside !== undefined) {
    for (const piece of codePieces(elf, reachAlongside, hotSize)) alongside(piece);
  }
  return sightings;
}

/** A file that is too much is so for every fact that asks, and is scanned once. */
function scanOrLimit(
  elf: Elf,
  machine: Machine,
  alongside: VisitPiece | undefined,
): Sightings | LimitExceeded {
  try {
    return scanAll(elf, machine, { alongside });
  } catch (error) {
    if (error instanceof LimitExceeded) return error;
    throw error;
  }
}

/** May look at most `reachAlongside` bytes beyond its piece. */
type VisitPiece = (piece: CodePiece) => void;

/** The least that any machine's `scan` looks around itself. */
const reachAlongside = 16;

interface ScanOptions {
  readonly pieceSize?: number;
  readonly alongside?: VisitPiece | undefined;
  readonly most?: number;
}

/** Exported for tests, which look at small pieces. */
export function scanAll(
  elf: Elf,
  machine: Machine,
  { pieceSize = hotSize, alongside, most = mostSightings }: ScanOptions = {},
): Sightings {
  const all = noSightings();
  const lists = offsetLists.map((list) => all[list]);
  /** How many of each were seen before a piece. */
  const before = lists.map(() => 0);
  for (const piece of codePieces(elf, machine.reach, pieceSize)) {
    const { start, end, offset, bytes } = piece;
    const calls = all.guardedCalls.length;
    lists.forEach(({ length }, index) => {
      before[index] = length;
    });
    machine.scan(piece, all);
    if (offset < start || offset + bytes.length > end) {
      dropCallsOutside(all.guardedCalls, calls, start, end);
      lists.forEach((list, index) => {
        dropOutside(list, before[index] ?? 0, start, end);
      });
    }
    const count = lists.reduce((sum, { length }) => sum + length, all.guardedCalls.length);
    if (count > most)
      throw new LimitExceeded(
        `the machine code of this ELF file has more than ${most} places that bear on a rule, the limit for one file`,
      );
    alongside?.(piece);
  }
  return all;
}

/** What lies outside of a piece is seen in another one too. */
function dropCallsOutside(calls: GuardedCall[], from: number, start: number, end: number): void {
  if (calls.length === from) return;
  for (const call of calls.splice(from)) if (call.at >= start && call.at < end) calls.push(call);
}

/** Of an ascending list from an index on, in place: a list for each piece would be most of what a scan allocates. */
function dropOutside(offsets: number[], from: number, start: number, end: number): void {
  let first = from;
  while (first < offsets.length && (offsets[first] ?? 0) < start) first += 1;
  let last = offsets.length;
  while (last > first && (offsets[last - 1] ?? 0) >= end) last -= 1;
  if (first > from) offsets.copyWithin(from, first, last);
  if (from + last - first < offsets.length) offsets.length = from + last - first;
}

const offsetLists: readonly SightingList[] = [
  'canaryStores',
  'canaryChecks',
  'stackAddresses',
  'indexedStores',
  'largeAllocations',
  'stackProbes',
  'returnSignings',
];
