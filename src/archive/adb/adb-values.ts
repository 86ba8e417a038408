import { MalformedInput } from '../../base/errors.ts';

/** A value: its type in the upper four bits, and in the others the value or its place (apk-v3(5), "wire format"). */
export type AdbValue = number;

/** Numbered values, the first of which has the number 1. */
export interface AdbObject {
  readonly start: number;
  /** The last of them. */
  readonly last: number;
}

const nothing: AdbObject = { start: 0, last: 0 };

const types = {
  special: 0,
  direct: 1,
  word: 2,
  long: 3,
  blob8: 8,
  blob16: 9,
  blob32: 10,
  array: 13,
  object: 14,
};
const rootAt = 4;

/** The block of values of a file of apk-tools 3. What leads out of it is damage: apk would take it for nothing. */
export class AdbValues {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  root(): AdbObject {
    return this.object(this.#bytes.readUInt32LE(rootAt));
  }

  /** 0, which is nothing, where there is none of this number. */
  value({ start, last }: AdbObject, index: number): AdbValue {
    return index > last ? 0 : this.#bytes.readUInt32LE(start + 4 * index);
  }

  /** An object or an array; nothing is one without values. */
  object(value: AdbValue): AdbObject {
    if (value === 0) return nothing;
    const { type, place } = partsOf(value);
    if (type !== types.array && type !== types.object) throw mistaken(value, 'an object');
    const count = this.#number(place, 4);
    this.#check(place, 4 * count);
    return { start: place, last: Math.max(0, count - 1) };
  }

  /** Nothing is 0. */
  number(value: AdbValue): number {
    const { type, place } = partsOf(value);
    if (value === 0 || type === types.direct) return place;
    if (type === types.word) return this.#number(place, 4);
    if (type !== types.long) throw mistaken(value, 'a number');
    this.#check(place, 8);
    const number = this.#bytes.readBigUInt64LE(place);
    if (number > BigInt(Number.MAX_SAFE_INTEGER))
      throw new MalformedInput(`the number at byte ${place} of the list of files is ${number}`);
    return Number(number);
  }

  /** In the memory of the block; null for nothing. */
  blob(value: AdbValue): Buffer | null {
    if (value === 0) return null;
    const { type, place } = partsOf(value);
    const width = widths.get(type);
    if (width === undefined) throw mistaken(value, 'a text');
    const length = this.#number(place, width);
    this.#check(place + width, length);
    return this.#bytes.subarray(place + width, place + width + length);
  }

  #number(place: number, width: number): number {
    this.#check(place, width);
    return this.#bytes.readUIntLE(place, width);
  }

  #check(place: number, length: number): void {
    if (place + length > this.#bytes.length)
      throw new MalformedInput(
        `the list of files has ${this.#bytes.length} bytes, and ${length} at ${place} are named in it`,
      );
  }
}

/** Bytes of the length in front of it. */
const widths: ReadonlyMap<number, number> = new Map([
  [types.blob8, 1],
  [types.blob16, 2],
  [types.blob32, 4],
]);

function partsOf(value: AdbValue) {
  return { type: value >>> 28, place: value & 0x0fffffff };
}

function mistaken(value: AdbValue, expected: string): MalformedInput {
  return new MalformedInput(
    `the list of files has 0x${value.toString(16).padStart(8, '0')} where ${expected} is expected`,
  );
}
