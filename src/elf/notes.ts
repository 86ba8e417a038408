import { MalformedElf } from '../errors.ts';
import { decodeName } from '../text.ts';
import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import { PT, SHT } from './constants.ts';
import { isLittleEndian, type Layout, viewOf } from './layout.ts';
import type { Note, Section, Segment } from './model.ts';
import { hex, narrow } from './narrow.ts';
import { readSectionBytes } from './sections.ts';

const headerSize = 12;
/** What a Note weighs once decoded, beside its owner. */
const decodedSize = 160;

/** PT_GNU_PROPERTY repeats a part of a PT_NOTE: each note comes once, whichever header covers it. */
export function segmentNotes(
  bytes: Bytes,
  layout: Layout,
  segments: readonly Segment[],
  budget: Budget,
): readonly Note[] {
  const seen = new Map<number, Note>();
  for (const { type, index, offset, fileSize, alignment } of segments) {
    if ((type !== PT.NOTE && type !== PT.GNU_PROPERTY) || fileSize === 0n) continue;
    const start = narrow(offset, `the offset of segment ${index}`);
    const buffer = bytes.read(start, narrow(fileSize, `the size of segment ${index}`));
    for (const note of readNotes(buffer, start, alignment, layout, budget)) {
      if (!seen.has(note.offset)) seen.set(note.offset, note);
    }
  }
  return [...seen.values()];
}

export function sectionNotes(
  bytes: Bytes,
  layout: Layout,
  sections: readonly Section[],
  budget: Budget,
): readonly Note[] {
  return sections
    .filter((section) => section.type === SHT.NOTE)
    .flatMap((section) => {
      const buffer = readSectionBytes(bytes, section);
      return readNotes(buffer, Number(section.offset), section.alignment, layout, budget);
    });
}

/**
 * The notes in one buffer. Alignment 8 (GNU properties of 64-bit files) pads name and description to 8 bytes;
 * any other value means 4, as Linux and glibc read it.
 *
 * @param start file offset of the buffer
 */
export function readNotes(
  buffer: Buffer,
  start: number,
  alignment: bigint,
  layout: Layout,
  budget: Budget,
): readonly Note[] {
  const padding = alignment === 8n ? 8 : 4;
  const view = viewOf(buffer);
  const little = isLittleEndian(layout);
  const notes: Note[] = [];
  let at = 0;
  while (at + headerSize <= buffer.length) {
    const ownerSize = view.getUint32(at, little);
    const descriptionSize = view.getUint32(at + 4, little);
    const owner = at + headerSize;
    const description = alignUp(owner + ownerSize, padding);
    const end = description + descriptionSize;
    if (owner + ownerSize > buffer.length || (descriptionSize > 0 && end > buffer.length)) {
      throw new MalformedElf(
        `the note at offset ${hex(start + at)} ends at ${hex(start + end)}, its segment or section at ${hex(start + buffer.length)}`,
      );
    }
    budget.count('notes', 1);
    budget.spend(decodedSize + ownerSize);
    notes.push({
      owner: ownerName(buffer.subarray(owner, owner + ownerSize)),
      type: view.getUint32(at + 8, little),
      description: buffer.subarray(description, end),
      offset: start + at,
    });
    at = alignUp(end, padding);
  }
  return notes;
}

function ownerName(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return decodeName(end < 0 ? bytes : bytes.subarray(0, end));
}

function alignUp(value: number, alignment: 4 | 8): number {
  return Math.ceil(value / alignment) * alignment;
}
