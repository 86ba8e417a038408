import { MalformedInput } from '../../base/errors.ts';

/** No symbol needs more bytes (liblzma's LZMA_IN_REQUIRED). */
const mostForSymbol = 21;

/** The range decoder of LZMA, with its probabilities. */
export class LzmaRange {
  #input: Buffer = Buffer.alloc(0);
  #at = 0;
  #range = 0xffffffff;
  #code = 0;
  #started = false;
  #probabilities = new Uint16Array(0);

  begin(probabilities: number): void {
    this.#probabilities = new Uint16Array(probabilities).fill(1024);
  }

  /** Behind what is left of the input before. */
  give(input: Buffer): void {
    this.#input = this.#at < this.#input.length ? Buffer.concat([this.rest(), input]) : input;
    this.#at = 0;
  }

  rest(): Buffer {
    return this.#input.subarray(this.#at);
  }

  /** Whether a symbol can be decoded. `last`: no input follows. Throws MalformedInput. */
  hasEnough(last: boolean): boolean {
    const left = this.#input.length - this.#at;
    if (!last && left < mostForSymbol + 5) return false;
    if (!this.#started) this.#start();
    return true;
  }

  #start(): void {
    if (this.#input.length - this.#at < 5) throw new MalformedInput('it ends too early');
    if (this.#input[this.#at] !== 0) throw new MalformedInput('it does not begin with a 0');
    this.#code = this.#input.readUInt32BE(this.#at + 1);
    this.#at += 5;
    this.#started = true;
  }

  #normalise(): void {
    const byte = this.#input[this.#at];
    if (byte === undefined) throw new MalformedInput('it ends too early');
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | byte) >>> 0;
    this.#at += 1;
  }

  bit(index: number): 0 | 1 {
    if (this.#range < 0x1000000) this.#normalise();
    const probability = this.#probabilities[index] ?? 0;
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      this.#probabilities[index] = probability + ((2048 - probability) >> 5);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    this.#probabilities[index] = probability - (probability >> 5);
    return 1;
  }

  /** Bits of equal probability. */
  plain(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1) {
      if (this.#range < 0x1000000) this.#normalise();
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
    }
    return value;
  }

  tree(base: number, bits: number): number {
    let node = 1;
    for (let left = bits; left > 0; left -= 1) node = (node << 1) | this.bit(base + node);
    return node - (1 << bits);
  }

  /** The lowest bit first. */
  reverseTree(base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let at = 0; at < bits; at += 1) {
      const bit = this.bit(base + node);
      node = (node << 1) | bit;
      value |= bit << at;
    }
    return value;
  }

  /** At the end marker. Throws MalformedInput when something is left: then it was not a marker. */
  finish(): void {
    if (this.#range < 0x1000000) this.#normalise();
    if (this.#code !== 0) throw new MalformedInput('it has a wrong end');
  }
}
