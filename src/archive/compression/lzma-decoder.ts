import { MalformedInput } from '../../base/errors.ts';
import { LzmaRange } from './lzma-range.ts';

/** How a stream was encoded (LZMA specification by I. Pavlov, "LZMA properties"). */
export interface LzmaProperties {
  /** Bits of the byte before a literal, and of the position, that choose its probabilities. */
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
  /** Bytes that matches may reach back. */
  readonly dictionary: number;
}

/** Places of probabilities. */
const isMatch = 0;
const isRep = 192;
const isRepG0 = 204;
const isRepG1 = 216;
const isRepG2 = 228;
const isRep0Long = 240;
const distanceSlots = 432;
const distanceBits = 688;
const distanceAlign = 803;
const matchLength = 819;
const repeatLength = 1333;
const literals = 1847;

const states = { literal: 7 };
const endMarker = 0xffffffff;
const outputSize = 256 * 1024;

/** Decodes one stream as its input comes. Names are those of the specification's reference decoder. */
export class LzmaDecoder {
  readonly #range = new LzmaRange();
  readonly #properties: LzmaProperties;
  readonly #window: Buffer;
  #position = 0;
  /** Bytes decoded, and those of them that were taken. */
  #total = 0;
  #taken = 0;
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  /** What a match still has to copy. */
  #left = 0;
  #ended = false;

  constructor(properties: LzmaProperties) {
    this.#properties = properties;
    this.#range.begin(literals + (0x300 << (properties.lc + properties.lp)));
    this.#window = Buffer.alloc(Math.max(properties.dictionary, outputSize));
  }

  /** Whether the end marker was met; what is behind it is left in the input. */
  get ended(): boolean {
    return this.#ended;
  }

  get total(): number {
    return this.#total;
  }

  /** Input that was not used. */
  rest(): Buffer {
    return this.#range.rest();
  }

  /**
   * Decodes until the input is used up but for what a symbol may need, the end marker, or `size` bytes in all. `last`:
   * no input follows. Throws MalformedInput.
   */
  *decode(input: Buffer, last: boolean, size: number): Generator<Buffer, void, void> {
    this.#range.give(input);
    try {
      while (!this.#ended && this.#total < size && this.#range.hasEnough(last)) {
        this.#step(size);
        if (this.#total - this.#taken >= outputSize || this.#position === 0) yield* this.#take();
      }
    } catch (error) {
      yield* this.#take();
      throw error;
    }
    yield* this.#take();
  }

  /** Up to the end of the window, a copy of what is new. */
  *#take(): Generator<Buffer, void, void> {
    const fresh = this.#total - this.#taken;
    if (fresh === 0) return;
    const end = this.#position === 0 ? this.#window.length : this.#position;
    yield Buffer.from(this.#window.subarray(end - fresh, end));
    this.#taken = this.#total;
  }

  #step(size: number): void {
    if (this.#left > 0) {
      this.#copy(size);
      return;
    }
    const posState = this.#total & ((1 << this.#properties.pb) - 1);
    if (this.#range.bit(isMatch + (this.#state << 4) + posState) === 0) {
      this.#literal();
      return;
    }
    if (this.#range.bit(isRep + this.#state) === 0) this.#match(posState);
    else this.#repeat(posState);
    if (this.#ended) return;
    if (this.#rep0 >= Math.min(this.#total, this.#properties.dictionary))
      throw new MalformedInput(`a match reaches ${this.#rep0 + 1} bytes back of ${this.#total}`);
    this.#copy(size);
  }

  #literal(): void {
    const { lc, lp } = this.#properties;
    const range = this.#range;
    const before = this.#total === 0 ? 0 : this.#byteBack(0);
    const place = ((this.#total & ((1 << lp) - 1)) << lc) + (before >> (8 - lc));
    const base = literals + 0x300 * place;
    let symbol = 1;
    if (this.#state >= states.literal) {
      let match = this.#byteBack(this.#rep0);
      while (symbol < 0x100) {
        const expected = (match >> 7) & 1;
        match <<= 1;
        const bit = range.bit(base + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(base + symbol);
    this.#put(symbol & 0xff);
    const state = this.#state;
    this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  #match(posState: number): void {
    this.#rep3 = this.#rep2;
    this.#rep2 = this.#rep1;
    this.#rep1 = this.#rep0;
    const length = this.#length(matchLength, posState);
    this.#state = this.#state < states.literal ? 7 : 10;
    this.#rep0 = this.#distance(Math.min(length, 3));
    if (this.#rep0 === endMarker) {
      this.#range.finish();
      this.#ended = true;
    }
    this.#left = length + 2;
  }

  #repeat(posState: number): void {
    const range = this.#range;
    const state = this.#state;
    if (range.bit(isRepG0 + state) === 1) this.#rotate(state);
    else if (range.bit(isRep0Long + (state << 4) + posState) === 0) {
      this.#state = state < states.literal ? 9 : 11;
      this.#left = 1;
      return;
    }
    this.#left = this.#length(repeatLength, posState) + 2;
    this.#state = state < states.literal ? 8 : 11;
  }

  /** An earlier distance becomes the last one. */
  #rotate(state: number): void {
    const range = this.#range;
    let distance = this.#rep1;
    if (range.bit(isRepG1 + state) === 1) {
      distance = this.#rep2;
      if (range.bit(isRepG2 + state) === 1) {
        distance = this.#rep3;
        this.#rep3 = this.#rep2;
      }
      this.#rep2 = this.#rep1;
    }
    this.#rep1 = this.#rep0;
    this.#rep0 = distance;
  }

  #length(base: number, posState: number): number {
    const range = this.#range;
    if (range.bit(base) === 0) return range.tree(base + 2 + (posState << 3), 3);
    if (range.bit(base + 1) === 0) return 8 + range.tree(base + 130 + (posState << 3), 3);
    return 16 + range.tree(base + 258, 8);
  }

  #distance(lengthState: number): number {
    const range = this.#range;
    const slot = range.tree(distanceSlots + (lengthState << 6), 6);
    if (slot < 4) return slot;
    const direct = (slot >> 1) - 1;
    const high = ((2 | (slot & 1)) << direct) >>> 0;
    if (slot < 14) return high + range.reverseTree(distanceBits + high - slot, direct);
    return (high + range.plain(direct - 4) * 16 + range.reverseTree(distanceAlign, 4)) >>> 0;
  }

  #byteBack(distance: number): number {
    const at = this.#position - distance - 1;
    return this.#window[at < 0 ? at + this.#window.length : at] ?? 0;
  }

  #put(byte: number): void {
    this.#window[this.#position] = byte;
    this.#total += 1;
    this.#position += 1;
    if (this.#position === this.#window.length) this.#position = 0;
  }

  /** Stops where the window begins again, where output is to be taken, and at the size. */
  #copy(size: number): void {
    for (; this.#left > 0 && this.#total < size; this.#left -= 1) {
      this.#put(this.#byteBack(this.#rep0));
      if (this.#position > 0) continue;
      this.#left -= 1;
      return;
    }
    if (this.#left > 0) throw new MalformedInput(`a match goes on behind its ${size} bytes`);
  }
}
