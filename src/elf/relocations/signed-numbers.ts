import { MalformedElf } from '../../base/errors.ts';
import { hex } from '../reading/narrow.ts';

/** 64 bits, seven in a byte. */
const longest = 10;

/** Signed LEB128 numbers (DWARF 5, section 7.6), one behind the other. */
export class SignedNumbers {
  #at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Throws MalformedElf at the end of the bytes, and for a number of more than 64 bits. */
  next(): bigint {
    const start = this.#at;
    let value = 0n;
    for (let index = 0; index < longest; index++) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) {
        throw new MalformedElf(
          `a number at ${hex(start)} does not end in its table (${hex(this.#bytes.length)} bytes)`,
        );
      }
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return BigInt.asIntN(64, signed(value, byte, index));
    }
    throw new MalformedElf(`a number at ${hex(start)} has more than ${longest} bytes`);
  }

  /** The next number as one of things that cannot be fewer than none. */
  count(what: string): number {
    const value = this.next();
    if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new MalformedElf(`${what} is ${value}`);
    }
    return Number(value);
  }
}

/** Bit 6 of the last byte is the sign. */
function signed(value: bigint, last: number, index: number): bigint {
  return (last & 0x40) === 0 ? value : value - (1n << BigInt(7 * (index + 1)));
}
