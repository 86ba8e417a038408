import type { Cursor } from './cursor.ts';
import { readPointerValue } from './encoded-pointer.ts';

/** What an instruction carries; DWARF 5, section 6.4.2, and the GNU extensions. */
type Operand = 'none' | 'address' | 1 | 2 | 4 | 8 | 'uleb' | 'uleb uleb' | 'block' | 'uleb block';

const operands: Readonly<Record<number, Operand>> = {
  0: 'none', // nop
  1: 'address', // set_loc
  2: 1, // advance_loc1
  3: 2, // advance_loc2
  4: 4, // advance_loc4
  5: 'uleb uleb', // offset_extended
  6: 'uleb', // restore_extended
  7: 'uleb', // undefined
  8: 'uleb', // same_value
  9: 'uleb uleb', // register
  10: 'none', // remember_state
  11: 'none', // restore_state
  15: 'block', // def_cfa_expression
  16: 'uleb block', // expression
  17: 'uleb uleb', // offset_extended_sf: signed, the same length
  18: 'uleb uleb', // def_cfa_sf
  19: 'uleb', // def_cfa_offset_sf
  20: 'uleb uleb', // val_offset
  21: 'uleb uleb', // val_offset_sf
  22: 'uleb block', // val_expression
  29: 8, // MIPS_advance_loc8
  45: 'none', // GNU_window_save, AARCH64_negate_ra_state
  46: 'uleb', // GNU_args_size
  47: 'uleb uleb', // GNU_negative_offset_extended
};

const nop = 0x00;
const defCfa = 0x0c;
const defCfaRegister = 0x0d;
const defCfaOffset = 0x0e;
const advanceLoc1 = 0x02;
const advanceLoc2 = 0x03;
const gnuArgsSize = 0x2e;

/** Bytes of the usual instructions where LEB128 numbers take one each; 0 for the others. */
export const usualLengths = Uint8Array.from({ length: 256 }, (_, opcode) => {
  const high = opcode & 0xc0;
  // advance_loc, offset and restore keep an operand in their opcode.
  if (high !== 0) return high === 0x80 ? 2 : 1;
  if ([defCfaRegister, defCfaOffset, advanceLoc1, gnuArgsSize].includes(opcode)) return 2;
  if ([defCfa, advanceLoc2].includes(opcode)) return 3;
  return operands[opcode] === 'none' ? 1 : 0;
});

/** How some code finds its canonical frame address. */
export interface FrameRules {
  /**
   * The largest distance to it, in bytes, without what was there already where the code is entered: the size of the frame that
   * it makes, unless a frame pointer hides it. A cold part of a function is entered with the whole frame.
   */
  readonly size: number;
  /** The registers that the distance counts from, as a set of bits: DWARF numbers under 32. */
  readonly bases: number;
  /** Address that the personality routine is known by: its own, or that of the slot that holds it. 0 for none. */
  readonly personality: number;
}

export const noRules: FrameRules = { size: 0, bases: 0, personality: 0 };

/** One for all functions, since a library has a hundred thousand. */
type Frame = { -readonly [Key in keyof FrameRules]: FrameRules[Key] };

/**
 * Adds up the instructions of `bytes` in [at, end) in `frame`. Whether these are all among the usual ones, as nearly always;
 * else the frame is that of some of them. They are a third of .eh_frame, which is megabytes in a large library.
 */
export function addUsualRules(bytes: Uint8Array, at: number, end: number, frame: Frame): boolean {
  let { size, bases } = frame;
  let next = at;
  while (next < end) {
    const opcode = bytes[next] ?? 0;
    const length = usualLengths[opcode] ?? 0;
    if (length === 0 || next + length > end) break;
    if (length > 1 && opcode !== advanceLoc1 && opcode !== advanceLoc2) {
      const operand = bytes[next + 1] ?? 0;
      const last = bytes[next + length - 1] ?? 0;
      if (operand >= 0x80 || last >= 0x80) {
        // The distance of a larger frame takes two bytes.
        if (opcode !== defCfaOffset || next + 3 > end || (bytes[next + 2] ?? 0) >= 0x80) break;
        size = Math.max(size, (operand & 0x7f) + (bytes[next + 2] ?? 0) * 128);
        next += 3;
        continue;
      }
      if (opcode === defCfa || opcode === defCfaRegister) bases |= bitOf(operand);
      if (opcode === defCfa || opcode === defCfaOffset) size = Math.max(size, last);
    }
    next += length;
  }
  frame.size = size;
  frame.bases = bases;
  return next === end;
}

/** Adds up the instructions in the cursor. Returns the distance where the code is entered: that of `frame`, unless they set another. */
export function addFrameRules(
  cursor: Cursor,
  frame: Frame,
  pointerEncoding: number,
  pointerSize: 4 | 8,
): number {
  let { size, bases } = frame;
  let entry = size;
  let isEntered = false;
  while (cursor.ok && cursor.left > 0) {
    const opcode = cursor.u8();
    isEntered ||= advances(opcode);
    const high = opcode & 0xc0;
    if (high === 0x80) cursor.uleb(); // offset
    if (high !== 0 || opcode === nop) continue;
    if (opcode === defCfa || opcode === defCfaRegister) bases |= bitOf(cursor.uleb());
    if (opcode === defCfa || opcode === defCfaOffset) {
      const distance = cursor.uleb();
      size = Math.max(size, distance);
      if (!isEntered) entry = distance;
    }
    if (opcode >= defCfa && opcode <= defCfaOffset) continue;
    const operand = operands[opcode];
    if (operand === undefined) break;
    skipOperand(cursor, operand, pointerEncoding, pointerSize);
  }
  frame.size = size;
  frame.bases = bases;
  return entry;
}

/** Whether an instruction ends the row that holds where the code is entered. */
export function advances(opcode: number): boolean {
  return (opcode & 0xc0) === 0x40 || advancing.has(opcode);
}

const advancing: ReadonlySet<number> = new Set([0x01, advanceLoc1, advanceLoc2, 0x04, 0x1d]);

function bitOf(register: number): number {
  return register < 32 ? 1 << register : 0;
}

function skipOperand(cursor: Cursor, operand: Operand, encoding: number, pointerSize: 4 | 8): void {
  switch (operand) {
    case 'none':
      return;
    case 'address':
      readPointerValue(cursor, encoding, pointerSize);
      return;
    case 'uleb':
      cursor.uleb();
      return;
    case 'uleb uleb':
      cursor.uleb();
      cursor.uleb();
      return;
    case 'uleb block':
      cursor.uleb();
      cursor.skip(cursor.uleb());
      return;
    case 'block':
      cursor.skip(cursor.uleb());
      return;
    default:
      cursor.skip(operand);
  }
}
