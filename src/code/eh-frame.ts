import { type FrameRules, frameRules, noRules } from './call-frame.ts';
import { Cursor } from './cursor.ts';
import { type PointerBases, readDistance, readPointerValue, readSize } from './encoded-pointer.ts';

/** What one frame description entry says. */
export interface FrameDescription {
  /** From the first byte of the table to the first of the code. */
  readonly distance: number;
  readonly size: number;
  readonly frame: FrameRules;
}

export interface EhFrame {
  readonly bytes: Buffer;
  readonly address: bigint;
  readonly byteOrder: 'little' | 'big';
  readonly pointerSize: 4 | 8;
}

interface CommonInformation {
  readonly pointerEncoding: number;
  /** FDEs have augmentation data, whose length must be skipped. */
  readonly augmented: boolean;
  readonly frame: FrameRules;
}

/** One record of .eh_frame: `id` is 0 for a CIE, else the distance from the id field back to the CIE. */
interface FrameRecord {
  readonly idAt: number;
  readonly id: number;
  readonly end: number;
}

/**
 * Walks .eh_frame from record to record up to its terminator or the end of the bytes; the reason where it makes no
 * sense. Each record is visited once, so the time is bounded by the table's size.
 */
export function frameDescriptions(
  table: EhFrame,
): FrameDescription[] | { readonly because: string } {
  const cursor = new Cursor(table.bytes, table.byteOrder);
  const bases = { pointerSize: table.pointerSize, start: table.address, data: 0n };
  const common = new Map<number, CommonInformation>();
  const descriptions: FrameDescription[] = [];
  for (let at = 0; at < table.bytes.length; ) {
    const record = recordAt(cursor, at, table.bytes.length);
    if (record === 'end') break;
    if (record === 'damaged') return damagedAt(table, at);
    if (record.id === 0) {
      const information = readCommonInformation(cursor, record, bases);
      if (information === null) return damagedAt(table, at);
      common.set(at, information);
    } else {
      const parent = common.get(record.idAt - record.id);
      const description = parent && readDescription(cursor, record, parent, bases);
      if (!description) return damagedAt(table, at);
      descriptions.push(description);
    }
    at = record.end;
  }
  return descriptions;
}

function damagedAt({ address }: EhFrame, at: number): { because: string } {
  return {
    because: `.eh_frame makes no sense at address 0x${(address + BigInt(at)).toString(16)}`,
  };
}

function recordAt(cursor: Cursor, at: number, end: number): FrameRecord | 'end' | 'damaged' {
  cursor.enter(at, end);
  const length = cursor.u32();
  if (cursor.ok && length === 0) return 'end';
  const idAt = cursor.at;
  const id = cursor.u32();
  // 0xffffffff would announce a 64-bit length, which no tool writes in .eh_frame.
  if (!cursor.ok || length < 4 || idAt + length > end) return 'damaged';
  return { idAt, id, end: idAt + length };
}

function readCommonInformation(
  cursor: Cursor,
  record: FrameRecord,
  bases: PointerBases,
): CommonInformation | null {
  cursor.enter(record.idAt + 4, record.end);
  const version = cursor.u8();
  const augmentation = readAugmentation(cursor);
  if (augmentation === null) return null;
  if (augmentation === 'eh') cursor.skip(bases.pointerSize);
  cursor.uleb(); // code alignment
  cursor.uleb(); // data alignment, signed: of the same length
  if (version === 1) cursor.u8();
  else cursor.uleb(); // return address register
  const augmented = augmentation.startsWith('z');
  let pointerEncoding = 0;
  if (augmented) {
    const length = cursor.uleb();
    const end = cursor.at + length;
    pointerEncoding = pointerEncodingOf(cursor, augmentation, bases.pointerSize);
    cursor.enter(end, record.end);
  }
  const frame = frameRules(cursor, noRules, pointerEncoding, bases.pointerSize);
  return cursor.ok ? { pointerEncoding, augmented, frame } : null;
}

/** A NUL-terminated string of a few letters; null when it is longer. */
function readAugmentation(cursor: Cursor): string | null {
  let text = '';
  for (let byte = cursor.u8(); byte !== 0; byte = cursor.u8()) {
    if (text.length === 8) return null;
    text += String.fromCharCode(byte);
  }
  return cursor.ok ? text : null;
}

function pointerEncodingOf(cursor: Cursor, augmentation: string, pointerSize: 4 | 8): number {
  let encoding = 0;
  for (const letter of augmentation.slice(1)) {
    if (letter === 'R') encoding = cursor.u8();
    else if (letter === 'L') cursor.u8();
    else if (letter === 'P') readPointerValue(cursor, cursor.u8(), pointerSize);
  }
  return encoding;
}

function readDescription(
  cursor: Cursor,
  record: FrameRecord,
  parent: CommonInformation,
  bases: PointerBases,
): FrameDescription | null {
  cursor.enter(record.idAt + 4, record.end);
  const { pointerEncoding } = parent;
  const distance = readDistance(cursor, pointerEncoding, bases);
  const size = readSize(cursor, pointerEncoding, bases.pointerSize);
  if (distance === null || size === null) return null;
  if (parent.augmented) cursor.skip(cursor.uleb());
  const frame = frameRules(cursor, parent.frame, pointerEncoding, bases.pointerSize);
  return cursor.ok ? { distance, size, frame } : null;
}
