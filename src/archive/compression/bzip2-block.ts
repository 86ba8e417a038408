import { MalformedInput } from '../../base/errors.ts';
import type { Bzip2Bits } from './bzip2-bits.ts';
import { type Bzip2Code, readCode } from './bzip2-code.ts';

/** A block before its transform is undone: of each place the byte, and above it the place that follows. */
export interface Bzip2Block {
  readonly links: Uint32Array;
  readonly size: number;
  readonly start: number;
}

const groupSize = 50;
const runA = 0;
const runB = 1;

/**
 * Reads one block behind its checksum, into `links`, whose length is the largest size of a block. bzip2 has no
 * specification: what counts is its source (decompress.c of 1.0.8). Throws MalformedInput.
 */
export function readBlock(bits: Bzip2Bits, links: Uint32Array): Bzip2Block {
  if (bits.take(1) === 1)
    throw new MalformedInput('a block is randomised, as only bzip2 before 0.9.5 did');
  const origin = bits.take(24);
  const bytes = readUsedBytes(bits);
  const { codes, selectors } = readCodes(bits, bytes.length + 2);
  const counts = new Uint32Array(256);
  const size = readSymbols(bits, { bytes, codes, selectors, links, counts });
  if (origin >= size)
    throw new MalformedInput(`a block of ${size} bytes begins at its byte ${origin}`);
  linkUp(links, size, counts);
  return { links, size, start: (links[origin] ?? 0) >>> 8 };
}

function readUsedBytes(bits: Bzip2Bits): Uint8Array {
  const used: number[] = [];
  const groups = bits.take(16);
  for (let group = 0; group < 16; group += 1) {
    if ((groups & (0x8000 >>> group)) === 0) continue;
    const members = bits.take(16);
    for (let member = 0; member < 16; member += 1)
      if ((members & (0x8000 >>> member)) !== 0) used.push(group * 16 + member);
  }
  if (used.length === 0) throw new MalformedInput('a block uses no byte at all');
  return Uint8Array.from(used);
}

function readCodes(bits: Bzip2Bits, symbols: number) {
  const count = bits.take(3);
  if (count < 2 || count > 6)
    throw new MalformedInput(`a block has ${count} codes, expected 2 to 6`);
  const selectors = new Uint8Array(bits.take(15));
  if (selectors.length === 0) throw new MalformedInput('a block selects no code');
  const order = Uint8Array.from({ length: count }, (_, index) => index);
  for (let at = 0; at < selectors.length; at += 1) {
    let index = 0;
    while (bits.take(1) === 1) {
      index += 1;
      if (index >= count) throw new MalformedInput(`a block selects code ${index} of ${count}`);
    }
    selectors[at] = moveToFront(order, index);
  }
  const codes = Array.from({ length: count }, () => readCode(bits, symbols));
  return { codes, selectors };
}

function moveToFront(order: Uint8Array, index: number): number {
  const value = order[index] ?? 0;
  order.copyWithin(1, 0, index);
  order[0] = value;
  return value;
}

interface Symbols {
  readonly bytes: Uint8Array;
  readonly codes: readonly Bzip2Code[];
  readonly selectors: Uint8Array;
  readonly links: Uint32Array;
  readonly counts: Uint32Array;
}

/** Undoes Huffman, move-to-front and the runs of zeros. Returns the number of bytes. */
function readSymbols(bits: Bzip2Bits, symbols: Symbols): number {
  const { bytes: order, codes, selectors, links, counts } = symbols;
  const end = order.length + 1;
  const most = links.length;
  let size = 0;
  let group = 0;
  let left = 0;
  let code: Bzip2Code | undefined;
  let run = 0;
  let weight = 1;
  while (true) {
    if (left === 0) {
      code = codes[selectors[group] ?? codes.length];
      group += 1;
      left = groupSize;
    }
    if (code === undefined) throw new MalformedInput('a block has more symbols than selectors');
    left -= 1;
    const symbol = code.next(bits);
    if (symbol <= runB) {
      run += symbol === runA ? weight : 2 * weight;
      // Longer than any block: no further weight may overflow.
      if (run > most) break;
      weight *= 2;
      continue;
    }
    if (run > 0) {
      const byte = order[0] ?? 0;
      if (size + run > most) break;
      links.fill(byte, size, size + run);
      counts[byte] = (counts[byte] ?? 0) + run;
      size += run;
      run = 0;
      weight = 1;
    }
    if (symbol === end) return size;
    if (size === most) break;
    const byte = moveToFront(order, symbol - 1);
    links[size] = byte;
    counts[byte] = (counts[byte] ?? 0) + 1;
    size += 1;
  }
  throw new MalformedInput(`a block has more than ${most} bytes`);
}

/** The inverse of the Burrows-Wheeler transform: where each byte is followed by which. */
function linkUp(links: Uint32Array, size: number, counts: Uint32Array): void {
  let sum = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const count = counts[byte] ?? 0;
    counts[byte] = sum;
    sum += count;
  }
  for (let at = 0; at < size; at += 1) {
    const byte = (links[at] ?? 0) & 0xff;
    const place = counts[byte] ?? 0;
    counts[byte] = place + 1;
    links[place] = (links[place] ?? 0) | (at << 8);
  }
}
