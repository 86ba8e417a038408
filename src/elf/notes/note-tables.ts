import { decodeName } from '../../base/text.ts';
import { isLittleEndian, type Layout, viewOf } from '../reading/layout.ts';
import type { Note } from '../records.ts';

/** How a name and a description are padded: 8 only in the GNU properties of 64-bit files. */
export type NotePadding = 4 | 8;

/** What one way to read a table finds. */
export interface NoteWalk {
  readonly padding: NotePadding;
  /** Where each note begins that fits, in bytes from the start of the table. */
  readonly starts: readonly number[];
  /** Where the first note begins that does not fit: the length of the table where all do. */
  readonly end: number;
  readonly isWhole: boolean;
  /** Every owner is a name: what is read with the wrong padding seldom is. */
  readonly isNamed: boolean;
}

const headerSize = 12;

export function walkNotes(
  table: Buffer,
  padding: NotePadding,
  layout: Layout,
  most: number,
): NoteWalk {
  const view = viewOf(table);
  const little = isLittleEndian(layout);
  const starts: number[] = [];
  let isNamed = true;
  let at = 0;
  while (at + headerSize <= table.length && starts.length <= most) {
    const ownerSize = view.getUint32(at, little);
    const descriptionSize = view.getUint32(at + 4, little);
    const ownerEnd = at + headerSize + ownerSize;
    const end = alignUp(ownerEnd, padding) + descriptionSize;
    if (ownerEnd > table.length || (descriptionSize > 0 && end > table.length)) {
      return { padding, starts, end: at, isWhole: false, isNamed };
    }
    isNamed &&= isOwner(table.subarray(at + headerSize, ownerEnd), descriptionSize);
    starts.push(at);
    at = alignUp(end, padding);
  }
  return { padding, starts, end: table.length, isWhole: true, isNamed };
}

/** @param start file offset of the table */
export function noteAt(
  table: Buffer,
  at: number,
  padding: NotePadding,
  layout: Layout,
  start: number,
): Note {
  const view = viewOf(table);
  const little = isLittleEndian(layout);
  const ownerEnd = at + headerSize + view.getUint32(at, little);
  const description = alignUp(ownerEnd, padding);
  return {
    owner: ownerName(table.subarray(at + headerSize, ownerEnd)),
    type: view.getUint32(at + 8, little),
    description: table.subarray(description, description + view.getUint32(at + 4, little)),
    offset: start + at,
  };
}

/** Printable characters, then NULs. A note without name and content is padding that was taken for one. */
function isOwner(bytes: Buffer, descriptionSize: number): boolean {
  if (bytes.length === 0) return descriptionSize > 0;
  const nul = bytes.indexOf(0);
  const name = nul < 0 ? bytes : bytes.subarray(0, nul);
  return (
    name.every((byte) => byte >= 0x20 && byte < 0x7f) &&
    bytes.subarray(name.length).every((byte) => byte === 0)
  );
}

function ownerName(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return decodeName(end < 0 ? bytes : bytes.subarray(0, end));
}

function alignUp(value: number, alignment: NotePadding): number {
  return Math.ceil(value / alignment) * alignment;
}
