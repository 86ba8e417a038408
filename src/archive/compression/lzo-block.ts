import { MalformedInput } from '../../base/errors.ts';
import { copyMatch } from './lz4-block.ts';

/**
 * One block of LZO1X as squashfs, lzop and the kernel keep them, of at most `most` bytes of content (Linux,
 * Documentation/staging/lzo.rst). No library in npm does this without native code. Throws MalformedInput.
 */
export function decodeLzoBlock(block: Buffer, most: number): Buffer {
  return new LzoBlock(block, most).decode();
}

class LzoBlock {
  readonly #input: Buffer;
  readonly #output: Buffer;
  #at = 0;
  #size = 0;
  /** Literals of the instruction before: 0, 1 to 3, or 4 for a run of its own. It decides what small codes mean. */
  #state = 0;

  constructor(input: Buffer, most: number) {
    this.#input = input;
    this.#output = Buffer.allocUnsafe(most);
  }

  decode(): Buffer {
    this.#begin();
    for (;;) {
      const code = this.#byte();
      if (code >= 16 || this.#state !== 0) {
        if (!this.#match(code)) break;
      } else {
        this.#literals(this.#length(code, 15) + 3);
        this.#state = 4;
      }
    }
    if (this.#at !== this.#input.length) throw this.#damaged('something follows its end');
    return this.#output.subarray(0, this.#size);
  }

  /** The first byte may be a count of literals. */
  #begin(): void {
    const first = this.#input[0] ?? 0;
    if (first <= 17) return;
    this.#at = 1;
    const count = first - 17;
    this.#literals(count);
    this.#state = Math.min(count, 4);
  }

  /** false: it was the end of the stream. */
  #match(code: number): boolean {
    if (code >= 64) this.#copy(1 + ((code >> 2) & 7) + (this.#byte() << 3), (code >> 5) + 1, code);
    else if (code >= 32) {
      const length = this.#length(code & 31, 31) + 2;
      const tail = this.#word();
      this.#copy((tail >> 2) + 1, length, tail);
    } else if (code >= 16) {
      const length = this.#length(code & 7, 7) + 2;
      const tail = this.#word();
      const distance = ((code & 8) << 11) + (tail >> 2);
      if (distance === 0) return this.#end(length);
      this.#copy(distance + 0x4000, length, tail);
    } else if (this.#state === 4) this.#copy((code >> 2) + (this.#byte() << 2) + 2049, 3, code);
    else this.#copy((code >> 2) + (this.#byte() << 2) + 1, 2, code);
    return true;
  }

  #end(length: number): boolean {
    if (length !== 3) throw this.#damaged(`its end is marked by a length of ${length}, expected 3`);
    return false;
  }

  /** The match, and as many literals as the two lowest bits of `tail` say. */
  #copy(distance: number, length: number, tail: number): void {
    if (distance > this.#size) throw this.#damaged(`it refers ${distance} bytes back`);
    this.#expectRoom(length);
    copyMatch(this.#output, this.#size, distance, length);
    this.#size += length;
    this.#state = tail & 3;
    this.#literals(this.#state);
  }

  #literals(count: number): void {
    if (this.#at + count > this.#input.length) throw this.#damaged('it ends inside literals');
    this.#expectRoom(count);
    this.#input.copy(this.#output, this.#size, this.#at, this.#at + count);
    this.#at += count;
    this.#size += count;
  }

  /** 0 means that more bytes follow: zeros count 255, and the first byte that is not zero ends it. */
  #length(bits: number, most: number): number {
    if (bits !== 0) return bits;
    let sum = most;
    for (;;) {
      const byte = this.#byte();
      if (byte !== 0) return sum + byte;
      sum += 255;
    }
  }

  #byte(): number {
    const byte = this.#input[this.#at];
    if (byte === undefined) throw this.#damaged('it ends inside an instruction');
    this.#at += 1;
    return byte;
  }

  #word(): number {
    const low = this.#byte();
    return low | (this.#byte() << 8);
  }

  #expectRoom(length: number): void {
    if (this.#size + length > this.#output.length)
      throw this.#damaged(`it has more than ${this.#output.length} bytes`);
  }

  #damaged(why: string): MalformedInput {
    return new MalformedInput(`lzo block is damaged after ${this.#size} bytes of content: ${why}`);
  }
}
