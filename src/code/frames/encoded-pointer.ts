import type { Cursor } from './cursor.ts';

/** DW_EH_PE_*, as the Linux Standard Base describes the pointers of .eh_frame. */
const absent = 0xff;
export const indirect = 0x80;
const relativeTo = 0x70;
const toItself = 0x10;
const signed4 = 0x0b;
const toData = 0x30;

/** 32 bits, relative to themselves: what nearly all tables use. */
export const relativeInteger = toItself | signed4;

/** What the pointers of one table are relative to. */
export interface PointerBases {
  readonly pointerSize: 4 | 8;
  /** Address of the cursor's first byte. */
  readonly start: bigint;
  /** For DW_EH_PE_datarel: the address of .eh_frame_hdr. */
  readonly data: bigint;
}

/** The address at the cursor; null where the encoding is unknown or the value is elsewhere (indirect). */
export function readPointer(cursor: Cursor, encoding: number, bases: PointerBases): bigint | null {
  const address = bases.start + BigInt(cursor.at);
  const value = readPointerValue(cursor, encoding, bases.pointerSize);
  if (value === null || !cursor.ok || (encoding & indirect) !== 0) return null;
  const wrap = (sum: bigint) => BigInt.asUintN(bases.pointerSize * 8, sum);
  switch (encoding & relativeTo) {
    case 0:
      return wrap(value);
    case toItself:
      return wrap(value + address);
    case toData:
      return wrap(value + bases.data);
    default:
      return null;
  }
}

/**
 * The same as a distance from `bases.start`. Nearly all pointers of .eh_frame are 32 bits relative to themselves, and a
 * library has a hundred thousand: these are read without a bigint.
 */
export function readDistance(cursor: Cursor, encoding: number, bases: PointerBases): number | null {
  if (encoding === relativeInteger) {
    const { at } = cursor;
    const value = cursor.i32();
    return cursor.ok ? at + value : null;
  }
  const address = readPointer(cursor, encoding, bases);
  return address === null ? null : Number(address - bases.start);
}

/** The size of what a pointer of the encoding leads to: the same form, relative to nothing. */
export function readSize(cursor: Cursor, encoding: number, pointerSize: 4 | 8): number | null {
  if ((encoding & 0x0f) === signed4) return cursor.i32();
  const value = readPointerValue(cursor, encoding & 0x0f, pointerSize);
  return value === null ? null : Number(value);
}

/** The number at the cursor, without what it is relative to. */
export function readPointerValue(
  cursor: Cursor,
  encoding: number,
  pointerSize: 4 | 8,
): bigint | null {
  if (encoding === absent) return null;
  switch (encoding & 0x0f) {
    case 0x00:
      return cursor.integer(pointerSize, false);
    case 0x01:
      return BigInt(cursor.uleb());
    case 0x02:
      return cursor.integer(2, false);
    case 0x03:
      return cursor.integer(4, false);
    case 0x04:
      return cursor.integer(8, false);
    case 0x0a:
      return cursor.integer(2, true);
    case 0x0b:
      return cursor.integer(4, true);
    case 0x0c:
      return cursor.integer(8, true);
    default:
      return null;
  }
}
