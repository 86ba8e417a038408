import type { Cursor } from './dwarf-reader.ts';

export interface UnitHeader {
  readonly end: number;
  readonly version: number;
  readonly offsetSize: 4 | 8;
  readonly addressSize: number;
  readonly abbreviations: number;
  readonly hasSource: boolean;
  /** In hex, of a unit of DWARF 5 that is one of two parts; null elsewhere. */
  readonly splitId: string | null;
}

/** The alternate file is what dwz moves to what several files share. */
type PlaceOfText = 'in .debug_str' | 'in .debug_line_str' | 'in the alternate file';

export type AttributeValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: PlaceOfText; readonly offset: number }
  | { readonly kind: 'indexed'; readonly index: number }
  | { readonly kind: 'number'; readonly value: number }
  /** DW_FORM_data8, in hex. */
  | { readonly kind: 'eight bytes'; readonly id: string }
  | { readonly kind: 'skipped' }
  | 'unreadable';

/** Forms of a fixed size in bytes whose value is not used here. */
const fixed: ReadonlyMap<number, number> = new Map([
  [0x05, 2],
  [0x06, 4],
  [0x0b, 1],
  [0x0c, 1],
  [0x11, 1],
  [0x12, 2],
  [0x13, 4],
  [0x14, 8],
  [0x19, 0],
  [0x1c, 4],
  [0x1e, 16],
  [0x20, 8],
  [0x21, 0],
  [0x24, 8],
  [0x29, 1],
  [0x2a, 2],
  [0x2b, 3],
  [0x2c, 4],
]);

/** Forms of one LEB128 number: sdata, udata, ref_udata, addrx, loclistx, rnglistx, GNU_addr_index. */
const lebForms = new Set([0x0d, 0x0f, 0x15, 0x1b, 0x22, 0x23, 0x1f01]);

/** Blocks that begin with their length: of 1, 2, 4 bytes, or (0) LEB128. */
const blocks: ReadonlyMap<number, number> = new Map([
  [0x0a, 1],
  [0x03, 2],
  [0x04, 4],
  [0x09, 0],
  [0x18, 0],
]);

/** DW_FORM_strx1 to strx4. */
const indexSizes: ReadonlyMap<number, number> = new Map([
  [0x25, 1],
  [0x26, 2],
  [0x27, 3],
  [0x28, 4],
]);

const skipped: AttributeValue = { kind: 'skipped' };

/** Reads one value and leaves the cursor behind it; `unreadable` for a form that is not known, so that nothing behind it can be found. */
export function readAttribute(cursor: Cursor, form: number, header: UnitHeader): AttributeValue {
  const { offsetSize, addressSize, version } = header;
  const size = fixed.get(form);
  if (size !== undefined) return skip(cursor, size);
  if (lebForms.has(form)) return { kind: 'number', value: cursor.leb128() };
  const lengthSize = blocks.get(form);
  if (lengthSize !== undefined) {
    return skip(cursor, lengthSize === 0 ? cursor.leb128() : cursor.unsigned(lengthSize));
  }
  const indexSize = indexSizes.get(form);
  if (indexSize !== undefined) return { kind: 'indexed', index: cursor.unsigned(indexSize) };
  switch (form) {
    case 0x01: // addr
      return skip(cursor, addressSize);
    case 0x07: // data8
      return { kind: 'eight bytes', id: cursor.eightBytes() };
    case 0x08: // string
      return { kind: 'text', text: cursor.text() };
    case 0x0e: // strp
      return { kind: 'in .debug_str', offset: cursor.unsigned(offsetSize) };
    case 0x10: // ref_addr
      return skip(cursor, version === 2 ? addressSize : offsetSize);
    case 0x17: // sec_offset
      return { kind: 'number', value: cursor.unsigned(offsetSize) };
    case 0x1a: // strx
    case 0x1f02: // GNU_str_index
      return { kind: 'indexed', index: cursor.leb128() };
    case 0x1f: // line_strp
      return { kind: 'in .debug_line_str', offset: cursor.unsigned(offsetSize) };
    case 0x1d: // strp_sup
    case 0x1f21: // GNU_strp_alt
      return { kind: 'in the alternate file', offset: cursor.unsigned(offsetSize) };
    case 0x1f20: // GNU_ref_alt
      return skip(cursor, offsetSize);
    default:
      return 'unreadable';
  }
}

function skip(cursor: Cursor, length: number): AttributeValue {
  cursor.at += length;
  return skipped;
}
