import { LimitExceeded } from '../../base/errors.ts';
import { cursorAt } from './dwarf-reader.ts';

/** Where strings are. Those already read are kept: thousands of units share one producer. */
export interface DebugStrings {
  readonly abbreviations: Buffer;
  readonly text: Buffer;
  readonly lineText: Buffer;
  /** `.debug_str` of the alternate file; empty where that is not there. */
  readonly alternate: Buffer;
  readonly offsets: Buffer;
  readonly littleEndian: boolean;
  readonly known: Map<Buffer, Map<number, string>>;
  /** Characters that may still be read. */
  left: number;
}

export interface Abbreviation {
  readonly tag: number;
  readonly attributes: readonly { readonly attribute: number; readonly form: number }[];
}

const DW_FORM_implicit_const = 0x21;

/** Compilers number the entries from 1 and begin each unit with one of the first; a table of more is not searched to its end. */
const maxEntries = 1000;
const maxAttributes = 1000;

/** The entry with a code in the table at an offset of `.debug_abbrev`; null when the table has none. */
export function abbreviation(
  { abbreviations, littleEndian }: DebugStrings,
  offset: number,
  wanted: number,
): Abbreviation | null {
  const cursor = cursorAt(abbreviations, offset, littleEndian);
  for (let entry = 0; entry < maxEntries; entry += 1) {
    const code = cursor.leb128();
    if (code === 0) return null;
    const tag = cursor.leb128();
    cursor.unsigned(1);
    const attributes: { attribute: number; form: number }[] = [];
    for (;;) {
      const attribute = cursor.leb128();
      const form = cursor.leb128();
      if (form === DW_FORM_implicit_const) cursor.leb128();
      if (attribute === 0 && form === 0) break;
      if (attributes.push({ attribute, form }) > maxAttributes) {
        throw new LimitExceeded(
          `more than ${maxAttributes} attributes in one entry of .debug_abbrev`,
        );
      }
    }
    if (code === wanted) return { tag, attributes };
  }
  return null;
}
