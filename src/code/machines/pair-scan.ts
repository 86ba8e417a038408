import { viewOf } from '../../elf/layout.ts';
import type { ExecutableRange } from '../executable-ranges.ts';
import type { Sightings } from '../sightings.ts';

/** An instruction that two bytes pick out of the code, and their neighbours confirm. */
export interface PairPattern {
  readonly first: number;
  readonly second: (byte: number) => boolean;
  /** The list for the instruction at `at`, where the pair was found; null when it is not what was looked for. */
  readonly confirm: (bytes: Buffer, at: number) => SightingList | null;
}

export type SightingList = Exclude<keyof Sightings, 'guardedCalls'>;

/**
 * One pass over the code for all patterns, for machines whose instructions begin anywhere. One place in two hundred
 * matches a pair, so the loop looks at three places at a time and seldom branches: three times as fast as byte by byte.
 */
export function pairScan(
  patterns: readonly PairPattern[],
): (range: ExecutableRange, sightings: Sightings) => void {
  const byPair = patternsByPair(patterns);
  return (range, sightings) => {
    const { bytes } = range;
    const view = viewOf(bytes);
    const last = bytes.length - 4;
    let at = 0;
    for (; at <= last; at += 3) {
      const word = view.getUint32(at, true);
      const first = byPair[word & 0xffff] ?? 0;
      const second = byPair[(word >>> 8) & 0xffff] ?? 0;
      const third = byPair[word >>> 16] ?? 0;
      if ((first | second | third) === 0) continue;
      if (first !== 0) look(patterns[first - 1], range, at, sightings);
      if (second !== 0) look(patterns[second - 1], range, at + 1, sightings);
      if (third !== 0) look(patterns[third - 1], range, at + 2, sightings);
    }
    for (; at + 2 <= bytes.length; at += 1) {
      const number = byPair[view.getUint16(at, true)] ?? 0;
      if (number !== 0) look(patterns[number - 1], range, at, sightings);
    }
  };
}

function look(
  pattern: PairPattern | undefined,
  { bytes, offset }: ExecutableRange,
  at: number,
  sightings: Sightings,
): void {
  const list = pattern?.confirm(bytes, at) ?? null;
  if (list !== null) sightings[list].push(offset + at);
}

/** For two bytes, as a little-endian number, the pattern that they begin, counted from 1; 0 for none. */
function patternsByPair(patterns: readonly PairPattern[]): Uint8Array {
  const byPair = new Uint8Array(0x10000);
  patterns.forEach(({ first, second }, index) => {
    for (let byte = 0; byte < 0x100; byte += 1) {
      if (second(byte)) byPair[first | (byte << 8)] = index + 1;
    }
  });
  return byPair;
}
