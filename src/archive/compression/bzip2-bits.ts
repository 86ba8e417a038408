import { MalformedInput } from '../../base/errors.ts';

/** Bits of a bzip2 stream, the highest of a byte first. Throws MalformedInput where the bytes end. */
export class Bzip2Bits {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** The lowest `#count` bits are not read yet. */
  #held = 0;
  #count = 0;

  /** How many bytes are left that no bit was taken of. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** Goes on with other bytes, which begin with those that were left. */
  continueWith(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#at = 0;
  }

  /** The bytes that no bit was taken of. */
  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** Forgets what is left of a byte that was begun; whole bytes are given back. */
  align(): void {
    this.#at -= this.#count >>> 3;
    this.#count = 0;
  }

  /** At most 24 bits, which stay to be read. */
  peek(size: number): number {
    while (this.#count < size) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new MalformedInput('it ends inside a block');
      this.#held = (this.#held << 8) | byte;
      this.#at += 1;
      this.#count += 8;
    }
    return (this.#held >>> (this.#count - size)) & ((1 << size) - 1);
  }

  skip(size: number): void {
    this.#count -= size;
  }

  take(size: number): number {
    const bits = this.peek(size);
    this.#count -= size;
    return bits;
  }

  /** 32 bits. */
  takeWord(): number {
    const high = this.take(16);
    return ((high << 16) | this.take(16)) >>> 0;
  }
}
