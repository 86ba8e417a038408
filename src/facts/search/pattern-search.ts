import type { VisitFindings } from '../../byte-scan/scan-in-windows.ts';
import { mostTriples, type Triple, type TripleScan, tripleScan } from '../../byte-scan/triples.ts';
import type { Bytes } from '../../elf/reading/bytes.ts';
import { hotSize, type Piece, piecesOf } from '../../elf/reading/file-pieces.ts';
import type { Range } from './byte-search.ts';

/** What to look for: at least 3 rare bytes, and all that must be there, from `lead` bytes before them. */
export interface BytePattern {
  readonly anchor: string;
  readonly lead?: number;
  /** Begins with `^` and needs at most 200 bytes (`patternSize`). */
  readonly pattern: RegExp;
}

/** Where a pattern matched. */
export interface Match {
  readonly offset: number;
  readonly match: RegExpExecArray;
}

/** The first place of each pattern that is anywhere in the ranges. */
export type Matches = ReadonlyMap<BytePattern, Match>;

const patternSize = 200;

/** Anchors looked at in one file before giving up on a pattern: hostile files repeat them. */
const maxAnchors = 10_000;

/** All patterns together take one pass, which costs little more than it would for one of them. */
export function patternSearch(
  patterns: readonly BytePattern[],
): (bytes: Bytes, ranges: readonly Range[]) => Matches {
  const search = new PatternSearch(patterns);
  return (bytes, ranges) => search.matchesIn(bytes, ranges);
}

const nothing: Piece = { offset: 0, bytes: Buffer.alloc(0), start: 0, end: 0 };

/** A class, so that V8 compiles what it does once: of functions in functions it compiles those of each search. */
class PatternSearch {
  readonly #patterns: readonly BytePattern[];
  readonly #scan: TripleScan;
  readonly #byStart: ReadonlyMap<number, readonly Sought[]>;
  readonly #hasGroup: Uint8Array;
  readonly #margin: number;
  #matches = new Map<BytePattern, Match>();
  #left = new Map<BytePattern, number>();
  #piece: Piece = nothing;

  constructor(patterns: readonly BytePattern[]) {
    const sought = patterns.map(soughtOf);
    this.#patterns = patterns;
    this.#scan = tripleScan(triplesOf(sought));
    this.#byStart = groupByStart(sought);
    this.#hasGroup = shortenedStarts(sought);
    this.#margin = Math.max(patternSize, ...sought.map(marginOf));
  }

  matchesIn(bytes: Bytes, ranges: readonly Range[]): Matches {
    const matches = new Map<BytePattern, Match>();
    this.#matches = matches;
    this.#left = new Map(this.#patterns.map((pattern) => [pattern, maxAnchors]));
    for (const { start, end } of ranges) {
      for (const piece of piecesOf(bytes, start, end, this.#margin, hotSize)) {
        this.#piece = piece;
        this.#scan(piece.bytes, this.#visit);
      }
    }
    this.#piece = nothing;
    return matches;
  }

  readonly #visit: VisitFindings = (findings, count, from) => {
    const { bytes: area } = this.#piece;
    for (let index = 0; index < count; index += 1) {
      const at = from + (findings[index] ?? 0);
      const start = startAt(area, at);
      if (this.#hasGroup[shortened(start)] !== 0) this.#look(at, start);
    }
  };

  #look(at: number, found: number): void {
    const { bytes: area, offset, start, end } = this.#piece;
    if (offset + at < start || offset + at >= end) return;
    for (const { pattern, anchor } of this.#byStart.get(found) ?? []) {
      if (!isAt(area, at, anchor) || this.#matches.has(pattern)) continue;
      const match = matchAt(area, at, pattern, this.#left);
      if (match !== null) this.#matches.set(pattern, { ...match, offset: offset + match.offset });
    }
  }
}

/** As many bytes as an anchor takes, and what stands before it. */
function marginOf({ anchor, pattern }: Sought): number {
  return anchor.length + (pattern.lead ?? 0);
}

interface Sought {
  readonly pattern: BytePattern;
  readonly anchor: Buffer;
  /** Its first three bytes. */
  readonly start: number;
}

function soughtOf(pattern: BytePattern): Sought {
  const anchor = Buffer.from(pattern.anchor, 'latin1');
  return { pattern, anchor, start: startAt(anchor, 0) };
}

function groupByStart(sought: readonly Sought[]): ReadonlyMap<number, readonly Sought[]> {
  const groups = new Map<number, Sought[]>();
  for (const one of sought) groups.set(one.start, [...(groups.get(one.start) ?? []), one]);
  return groups;
}

/** Which of the places that the scan lets pass are none: most, and a look into a map costs ten times as much. */
function shortenedStarts(sought: readonly Sought[]): Uint8Array {
  const has = new Uint8Array(0x10000);
  for (const { start } of sought) has[shortened(start)] = 1;
  return has;
}

/** 16 of the 24 bits of three bytes. */
function shortened(start: number): number {
  return (start ^ (start >> 8)) & 0xffff;
}

function startAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
}

/** A loop: most differ in their fourth byte, and a native comparison costs more than its call saves. */
function isAt(area: Buffer, at: number, anchor: Buffer): boolean {
  let index = 3;
  while (index < anchor.length && area[at + index] === anchor[index]) index += 1;
  return index === anchor.length;
}

function matchAt(
  area: Buffer,
  at: number,
  pattern: BytePattern,
  left: Map<BytePattern, number>,
): Match | null {
  const { lead = 0 } = pattern;
  const tries = left.get(pattern) ?? 0;
  if (at < lead || tries === 0) return null;
  left.set(pattern, tries - 1);
  const offset = at - lead;
  const match = pattern.pattern.exec(area.toString('latin1', offset, offset + patternSize));
  return match === null ? null : { offset, match };
}

/** Patterns that begin alike share a triple, so that it lets little else pass. */
function triplesOf(sought: readonly Sought[]): Triple[] {
  const anchors = sought.map(({ anchor }) => anchor).sort(Buffer.compare);
  const size = Math.ceil(anchors.length / mostTriples);
  const triples: Triple[] = [];
  for (let at = 0; at < anchors.length; at += size) {
    const group = anchors.slice(at, at + size);
    const has = (place: number) => (byte: number) => group.some((anchor) => anchor[place] === byte);
    triples.push({ first: has(0), second: has(1), third: has(2) });
  }
  return triples;
}
