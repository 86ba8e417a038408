import { MalformedInput } from '../../base/errors.ts';
import type { Bzip2Bits } from './bzip2-bits.ts';

const longestCode = 20;
/** Codes up to here are found by one look. */
const quickBits = 10;

/** A canonical Huffman code. Throws MalformedInput. */
export interface Bzip2Code {
  next(bits: Bzip2Bits): number;
}

/** The lengths are stored as differences: each bit pair is one up or one down. */
export function readCode(bits: Bzip2Bits, symbols: number): Bzip2Code {
  const lengths = new Uint8Array(symbols);
  let length = bits.take(5);
  for (let symbol = 0; symbol < symbols; symbol += 1) {
    while (true) {
      if (length < 1 || length > longestCode)
        throw new MalformedInput(`a code has ${length} bits, expected 1 to ${longestCode}`);
      if (bits.take(1) === 0) break;
      length += bits.take(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return codeOf(lengths);
}

function codeOf(lengths: Uint8Array): Bzip2Code {
  const counts = new Uint16Array(longestCode + 2);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  /** For each length: the first code behind those of it, as 20 bits, and the place of its first symbol less its first code. */
  const ends = new Uint32Array(longestCode + 2);
  const offsets = new Int32Array(longestCode + 2);
  const sorted = new Uint16Array(lengths.length);
  const firsts = new Uint32Array(longestCode + 2);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= longestCode; length += 1) {
    const count = counts[length] ?? 0;
    offsets[length] = place - code;
    firsts[length] = place;
    code += count;
    place += count;
    ends[length] = code * 2 ** (longestCode - length);
    code *= 2;
  }
  for (let symbol = 0; symbol < lengths.length; symbol += 1) {
    const length = lengths[symbol] ?? 0;
    sorted[firsts[length] ?? 0] = symbol;
    firsts[length] = (firsts[length] ?? 0) + 1;
  }
  return { next: decoderOf(ends, offsets, sorted) };
}

function decoderOf(ends: Uint32Array, offsets: Int32Array, sorted: Uint16Array) {
  function slow(bits: number, from: number): { length: number; symbol: number } | null {
    for (let length = from; length <= longestCode; length += 1) {
      if (bits >= (ends[length] ?? 0)) continue;
      const symbol = sorted[(bits >>> (longestCode - length)) + (offsets[length] ?? 0)];
      return symbol === undefined ? null : { length, symbol };
    }
    return null;
  }
  /** Symbol and length in one number; 0 where the code is longer. */
  const quick = new Uint16Array(1 << quickBits);
  for (let at = 0; at < quick.length; at += 1) {
    const found = slow(at * 2 ** (longestCode - quickBits), 1);
    if (found !== null && found.length <= quickBits) quick[at] = (found.symbol << 5) | found.length;
  }
  return (bits: Bzip2Bits): number => {
    const entry = quick[bits.peek(quickBits)] ?? 0;
    if (entry !== 0) {
      bits.skip(entry & 31);
      return entry >>> 5;
    }
    const found = slow(bits.peek(longestCode), quickBits + 1);
    if (found === null) throw new MalformedInput('bits that are not a code');
    bits.skip(found.length);
    return found.symbol;
  };
}
