import type { DescriptionReader } from '../../byte-scan/descriptions.ts';
import { viewOf } from '../../elf/reading/layout.ts';
import { addFrameRules, addUsualRules, advances, type FrameRules, noRules } from './call-frame.ts';
import { Cursor } from './cursor.ts';
import {
  indirect,
  type PointerBases,
  readDistance,
  readPointer,
  readSize,
  relativeInteger,
} from './encoded-pointer.ts';
import {
  type CommonInformation,
  UsualDescriptions,
  type VisitFunction,
} from './usual-descriptions.ts';

export interface EhFrame {
  readonly bytes: Buffer;
  readonly address: bigint;
  readonly byteOrder: 'little' | 'big';
  readonly pointerSize: 4 | 8;
  /** How many descriptions .eh_frame_hdr lists; 0 where it does not say. */
  readonly listed: number;
}

/**
 * Walks .eh_frame from record to record up to its terminator or the end of the bytes; null, or the reason where it makes
 * no sense. Without a terminator (crtend.o was not linked) other sections follow, so behind as many descriptions as are listed
 * what makes no sense is the end. Each record is visited once, so the time is bounded by the table's size. `read` is for its bytes;
 * without it the same is visited, ten times as slow.
 */
export function visitFunctions(
  table: EhFrame,
  visit: VisitFunction,
  read: DescriptionReader | null = null,
): { readonly because: string } | null {
  const cursor = new Cursor(table.bytes, table.byteOrder);
  const bases = { pointerSize: table.pointerSize, start: table.address, data: 0n };
  const view = viewOf(table.bytes);
  const little = table.byteOrder === 'little';
  const walk = { bytes: table.bytes, cursor, view, little, bases, visit };
  const common = new Map<number, CommonInformation>();
  const usual = new UsualDescriptions(little ? read : null);
  let descriptions = 0;
  const endsAt = (at: number) =>
    table.listed > 0 && descriptions >= table.listed ? null : damagedAt(table, at);
  for (let at = 0; at < table.bytes.length; ) {
    const { count, next } = usual.visitFrom(at, visit);
    descriptions += count;
    at = next;
    if (count > 0) continue;
    const end = recordEnd(cursor, at, table.bytes.length);
    if (end === 0) break;
    const idAt = cursor.at;
    const id = end < 0 ? 0 : cursor.u32();
    if (id === 0) {
      const information = end < 0 ? null : readCommonInformation(cursor, end, bases);
      if (information === null) return endsAt(at);
      common.set(at, information);
      usual.note(at, information);
    } else {
      const parent = common.get(idAt - id);
      const isRead =
        parent !== undefined &&
        (readUsual(cursor.at, end, parent, walk) || readDescription(cursor, end, parent, walk));
      if (!isRead) return endsAt(at);
      descriptions += 1;
    }
    at = end;
  }
  return null;
}

function damagedAt({ address }: EhFrame, at: number): { because: string } {
  return {
    because: `.eh_frame makes no sense at address 0x${(address + BigInt(at)).toString(16)}`,
  };
}

/** Where the record at `at` ends, with the cursor at its id; 0 for the terminator, -1 for damage. */
function recordEnd(cursor: Cursor, at: number, limit: number): number {
  cursor.enter(at, limit);
  const length = cursor.u32();
  if (!cursor.ok) return -1;
  if (length === 0) return 0;
  const end = cursor.at + length;
  // 0xffffffff would announce a 64-bit length, which no tool writes in .eh_frame.
  return length < 4 || end > limit ? -1 : end;
}

function readCommonInformation(
  cursor: Cursor,
  recordEnd: number,
  bases: PointerBases,
): CommonInformation | null {
  cursor.enter(cursor.at, recordEnd);
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
  let personality = 0;
  if (augmented) {
    const length = cursor.uleb();
    const end = cursor.at + length;
    ({ pointerEncoding, personality } = readLetters(cursor, augmentation, bases));
    cursor.enter(end, recordEnd);
  }
  const frame = { ...noRules, personality };
  addFrameRules(cursor, frame, pointerEncoding, bases.pointerSize);
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

function readLetters(cursor: Cursor, augmentation: string, bases: PointerBases) {
  const read = { pointerEncoding: 0, personality: 0 };
  for (const letter of augmentation.slice(1)) {
    if (letter === 'R') read.pointerEncoding = cursor.u8();
    else if (letter === 'L') cursor.u8();
    else if (letter === 'P') read.personality = readPersonality(cursor, bases);
  }
  return read;
}

/** Where the slot lies that holds the address, as nearly all encodings say, or the routine itself. */
function readPersonality(cursor: Cursor, bases: PointerBases): number {
  const encoding = cursor.u8();
  return Number(readPointer(cursor, encoding & ~indirect, bases) ?? 0n);
}

/** The frame of the function that is read. */
const current = { ...noRules };

/** What is the same for all records. */
interface Walk {
  readonly bytes: Buffer;
  readonly cursor: Cursor;
  readonly view: DataView;
  readonly little: boolean;
  readonly bases: PointerBases;
  readonly visit: VisitFunction;
}

/**
 * Reads a description as nearly all are: with 32-bit pointers, and nothing but usual instructions. Whether it is one; where
 * it is not, nothing was done.
 */
function readUsual(
  at: number,
  recordEnd: number,
  parent: CommonInformation,
  { bytes, cursor, view, little, bases, visit }: Walk,
): boolean {
  const { pointerEncoding, augmented, frame } = parent;
  if (pointerEncoding !== relativeInteger || at + 9 > recordEnd) return false;
  const distance = at + view.getInt32(at, little);
  const size = view.getInt32(at + 4, little);
  const augmentation = augmented ? (bytes[at + 8] ?? 0) : 0;
  const program = at + 8 + (augmented ? 1 + augmentation : 0);
  if (augmentation >= 0x80 || program > recordEnd) return false;
  current.size = frame.size;
  current.bases = frame.bases;
  current.personality = frame.personality;
  if (!addUsualRules(bytes, program, recordEnd, current)) return false;
  if (current.size > frame.size && !advances(bytes[program] ?? 0)) {
    cursor.enter(program, recordEnd);
    leaveOutEntry(addFrameRules(cursor, { ...frame }, pointerEncoding, bases.pointerSize), frame);
  }
  visit(distance, size, current, program, recordEnd);
  return true;
}

/** Whether it could be read. */
function readDescription(
  cursor: Cursor,
  recordEnd: number,
  parent: CommonInformation,
  { bases, visit }: Walk,
): boolean {
  cursor.enter(cursor.at, recordEnd);
  const { pointerEncoding } = parent;
  const distance = readDistance(cursor, pointerEncoding, bases);
  const size = readSize(cursor, pointerEncoding, bases.pointerSize);
  if (distance === null || size === null) return false;
  if (parent.augmented) cursor.skip(cursor.uleb());
  current.size = parent.frame.size;
  current.bases = parent.frame.bases;
  current.personality = parent.frame.personality;
  const program = cursor.at;
  const entry = addFrameRules(cursor, current, pointerEncoding, bases.pointerSize);
  if (!cursor.ok) return false;
  leaveOutEntry(entry, parent.frame);
  visit(distance, size, current, program, recordEnd);
  return true;
}

/** What is more there at the entry than a call leaves was allocated by the code that jumps to it. */
function leaveOutEntry(entry: number, { size }: FrameRules): void {
  current.size -= Math.max(0, Math.min(entry, current.size) - size);
}
