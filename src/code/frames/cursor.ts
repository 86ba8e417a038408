/**
 * Reads the variable-length encodings of DWARF. It never throws: past the end `ok` turns false for good and every
 * value is 0, so a caller checks once, after a whole record.
 */
export class Cursor {
  at: number;
  ok = true;
  private readonly bytes: Buffer;
  private readonly little: boolean;
  private end: number;

  constructor(bytes: Buffer, byteOrder: 'little' | 'big') {
    this.bytes = bytes;
    this.little = byteOrder === 'little';
    this.at = 0;
    this.end = bytes.length;
  }

  /** Goes to `at` and ends at `end`, for a record inside the bytes. */
  enter(at: number, end: number): void {
    this.ok = at >= 0 && at <= end && end <= this.bytes.length;
    this.at = this.ok ? at : 0;
    this.end = this.ok ? end : 0;
  }

  get left(): number {
    return this.end - this.at;
  }

  skip(length: number): void {
    this.take(length);
  }

  u8(): number {
    const at = this.take(1);
    return this.ok ? (this.bytes[at] ?? 0) : 0;
  }

  u32(): number {
    const at = this.take(4);
    if (!this.ok) return 0;
    return this.little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  i32(): number {
    const at = this.take(4);
    if (!this.ok) return 0;
    return this.little ? this.bytes.readInt32LE(at) : this.bytes.readInt32BE(at);
  }

  /** A signed or unsigned integer of 2, 4 or 8 bytes. */
  integer(size: 2 | 4 | 8, signed: boolean): bigint {
    const at = this.take(size);
    if (!this.ok) return 0n;
    if (size === 8) {
      const value = this.little ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at);
      return signed ? BigInt.asIntN(64, value) : value;
    }
    const { bytes, little } = this;
    if (signed) return BigInt(little ? bytes.readIntLE(at, size) : bytes.readIntBE(at, size));
    return BigInt(little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size));
  }

  /** ULEB128; larger values than a frame or a length can have come back as 2^53 - 1. */
  uleb(): number {
    let value = 0;
    for (let scale = 1; this.ok; scale *= 128) {
      const byte = this.u8();
      value += scale < 2 ** 49 ? (byte & 0x7f) * scale : 0;
      if (byte < 0x80) break;
    }
    return Math.min(value, Number.MAX_SAFE_INTEGER);
  }

  private take(length: number): number {
    const at = this.at;
    if (length < 0 || length > this.end - at) {
      this.ok = false;
      this.at = this.end;
      return 0;
    }
    this.at = at + length;
    return at;
  }
}
