import { type Triple, tripleScan } from '../../byte-scan/triples.ts';
import type { Code } from '../functions/code-pieces.ts';
import type { SightingList, Sightings } from '../sightings.ts';

/** An instruction that its first bytes pick out of the code, and their neighbours confirm. */
export interface PairPattern {
  readonly first: number | readonly number[];
  readonly second: (byte: number) => boolean;
  /** Absent: any. It saves looks, and must let pass whatever `confirm` does. */
  readonly third?: (byte: number) => boolean;
  /** The list for the instruction at `at`, where the pair was found; null when it is not what was looked for. */
  readonly confirm: (bytes: Buffer, at: number) => SightingList | null;
  /** How far after its first byte the opcode is; the place of the opcode is reported. Absent: it is the first byte. */
  readonly opcodeAt?: number;
}

/**
 * One pass over the code for all patterns (at most 8), for machines whose instructions begin anywhere. One place in
 * three hundred may be one, so looking closer costs little compared with finding them.
 */
export function pairScan(
  patterns: readonly PairPattern[],
): (range: Code, sightings: Sightings) => void {
  let pairs: Uint8Array | null = null;
  const opcodes = patterns.map(({ opcodeAt = 0 }) => opcodeAt);
  const scan = tripleScan(patterns.map(tripleOf));
  return ({ bytes, offset }, sightings) => {
    pairs ??= patternsByPair(patterns);
    const byPair = pairs;
    scan(bytes, (findings, count, start) => {
      for (let index = 0; index < count; index += 1) {
        const at = start + (findings[index] ?? 0);
        if (at + 1 >= bytes.length) return;
        const number = byPair[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? 0;
        const list = patterns[number - 1]?.confirm(bytes, at) ?? null;
        if (list !== null) listOf(sightings, list).push(offset + at + (opcodes[number - 1] ?? 0));
      }
    });
  };
}

/** As `sightings[list]`, of which V8 makes a look into a table as soon as there are more than four lists. */
function listOf(sightings: Sightings, list: SightingList): number[] {
  switch (list) {
    case 'stackAddresses':
      return sightings.stackAddresses;
    case 'canaryStores':
      return sightings.canaryStores;
    case 'canaryChecks':
      return sightings.canaryChecks;
    case 'indexedStores':
      return sightings.indexedStores;
    default:
      return sightings[list];
  }
}

function tripleOf({ first, second, third = () => true }: PairPattern): Triple {
  return { first: (byte) => firstsOf(first).includes(byte), second, third };
}

function firstsOf(first: PairPattern['first']): readonly number[] {
  return typeof first === 'number' ? [first] : first;
}

/** For two bytes, as a little-endian number, the last pattern that they begin, counted from 1; 0 for none. */
function patternsByPair(patterns: readonly PairPattern[]): Uint8Array {
  const byPair = new Uint8Array(0x10000);
  patterns.forEach(({ first, second }, index) => {
    for (let byte = 0; byte < 0x100; byte += 1) {
      if (!second(byte)) continue;
      for (const each of firstsOf(first)) byPair[each | (byte << 8)] = index + 1;
    }
  });
  return byPair;
}
