import type { Cursor } from './cursor.ts';
import { readPointerValue } from './encoded-pointer.ts';

/** What an instruction carries; DWARF 5, section 6.4.2, and the GNU extensions. */
type Operand = 'none' | 'address' | 1 | 2 | 4 | 8 | 'uleb' | 'uleb uleb' | 'block' | 'uleb block';

const operands: ReadonlyMap<number, Operand> = new Map<number, Operand>([
  [0x00, 'none'], // nop
  [0x01, 'address'], // set_loc
  [0x02, 1], // advance_loc1
  [0x03, 2], // advance_loc2
  [0x04, 4], // advance_loc4
  [0x05, 'uleb uleb'], // offset_extended
  [0x06, 'uleb'], // restore_extended
  [0x07, 'uleb'], // undefined
  [0x08, 'uleb'], // same_value
  [0x09, 'uleb uleb'], // register
  [0x0a, 'none'], // remember_state
  [0x0b, 'none'], // restore_state
  [0x0f, 'block'], // def_cfa_expression
  [0x10, 'uleb block'], // expression
  [0x11, 'uleb uleb'], // offset_extended_sf: signed, the same length
  [0x12, 'uleb uleb'], // def_cfa_sf
  [0x13, 'uleb'], // def_cfa_offset_sf
  [0x14, 'uleb uleb'], // val_offset
  [0x15, 'uleb uleb'], // val_offset_sf
  [0x16, 'uleb block'], // val_expression
  [0x1d, 8], // MIPS_advance_loc8
  [0x2d, 'none'], // GNU_window_save, AARCH64_negate_ra_state
  [0x2e, 'uleb'], // GNU_args_size
  [0x2f, 'uleb uleb'], // GNU_negative_offset_extended
]);

const defCfa = 0x0c;
const defCfaRegister = 0x0d;
const defCfaOffset = 0x0e;

/** How some code finds its canonical frame address. */
export interface FrameRules {
  /** The largest distance to it, in bytes: the size of the frame, unless a frame pointer hides it. */
  readonly size: number;
  /** The registers that the distance counts from, as a set of bits: DWARF numbers under 32. */
  readonly bases: number;
}

export const noRules: FrameRules = { size: 0, bases: 0 };

/** Sums up the instructions in the cursor, which go on from `initial`. */
export function frameRules(
  cursor: Cursor,
  initial: FrameRules,
  pointerEncoding: number,
  pointerSize: 4 | 8,
): FrameRules {
  let { size, bases } = initial;
  while (cursor.ok && cursor.left > 0) {
    const opcode = cursor.u8();
    const high = opcode & 0xc0;
    if (high === 0x80) cursor.uleb(); // offset
    if (high !== 0) continue;
    if (opcode === defCfa || opcode === defCfaRegister) bases |= bitOf(cursor.uleb());
    if (opcode === defCfa || opcode === defCfaOffset) size = Math.max(size, cursor.uleb());
    if (opcode >= defCfa && opcode <= defCfaOffset) continue;
    const operand = operands.get(opcode);
    if (operand === undefined) break;
    skipOperand(cursor, operand, pointerEncoding, pointerSize);
  }
  // Most functions add nothing, and share what they begin with.
  return size === initial.size && bases === initial.bases ? initial : { size, bases };
}

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
