import { LimitExceeded } from '../../base/errors.ts';
import { PT, SHT } from '../constants.ts';
import type { Bytes } from '../reading/bytes.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import type { Layout } from '../reading/layout.ts';
import { hex } from '../reading/narrow.ts';
import { optional } from '../reading/witness.ts';
import type { Note, NoteDamage, Section, Segment } from '../records.ts';
import { type NotePadding, type NoteWalk, noteAt, walkNotes } from './note-tables.ts';

/**
 * Notes are optional evidence: kernel and loader start a program whatever they hold (but for the GNU properties). So
 * what does not parse ends one table and is reported, and nothing is thrown.
 */
export interface FoundNotes {
  /** Each note once, whichever headers cover it: PT_GNU_PROPERTY repeats a part of a PT_NOTE. */
  readonly notes: readonly Note[];
  readonly damage: readonly NoteDamage[];
}

/** A part of the file that is said to hold notes. */
interface NoteTable {
  /** `PT_NOTE segment 7`, `section .note` */
  readonly title: string;
  readonly offset: bigint;
  readonly size: bigint;
  readonly alignment: bigint;
}

interface Source {
  readonly bytes: Bytes;
  readonly layout: Layout;
  /** A second witness, asked only where a segment does not parse. */
  readonly sections: () => readonly Section[];
  readonly budget: Budget;
}

/** What a Note weighs once decoded, without its owner. */
const decodedSize = 160;

/** Of all tables together: programs have less than a thousand bytes, core files a few thousand for each thread. */
const maxBytes = 16 * 1024 ** 2;
const maxWalked = 1_000_000;

export function segmentNotes(
  bytes: Bytes,
  layout: Layout,
  segments: readonly Segment[],
  sections: () => readonly Section[],
  budget: Budget,
): FoundNotes {
  const tables = segments
    .filter(({ type, fileSize }) => isNoteType(type) && fileSize > 0n)
    .map(({ type, index, offset, fileSize, alignment }) => ({
      title: `${type === PT.NOTE ? 'PT_NOTE' : 'PT_GNU_PROPERTY'} segment ${index}`,
      offset,
      size: fileSize,
      alignment,
    }));
  return readTables(tables, { bytes, layout, sections, budget });
}

export function sectionNotes(
  bytes: Bytes,
  layout: Layout,
  sections: readonly Section[],
  budget: Budget,
): FoundNotes {
  const tables = sections.filter(({ type, size }) => type === SHT.NOTE && size > 0n).map(tableOf);
  return readTables(tables, { bytes, layout, sections: none, budget });
}

function isNoteType(type: number): boolean {
  return type === PT.NOTE || type === PT.GNU_PROPERTY;
}

function tableOf({ name, index, offset, size, alignment }: Section): NoteTable {
  return { title: `section ${name || index}`, offset, size, alignment };
}

const none = (): readonly Section[] => [];

function readTables(tables: readonly NoteTable[], source: Source): FoundNotes {
  const { bytes } = source;
  const notes = new Map<number, Note>();
  const damage = new Map<bigint, NoteDamage>();
  const places = new Set<string>();
  let left = maxBytes;
  for (const table of tables) {
    const place = `${table.offset} ${table.size} ${table.alignment}`;
    if (places.has(place)) continue;
    places.add(place);
    if (table.offset + table.size > BigInt(bytes.size)) {
      damage.set(table.offset, {
        ...placeOf(table),
        message: 'reaches beyond the end of the file',
      });
      continue;
    }
    left -= Number(table.size);
    try {
      if (left < 0) throw new LimitExceeded(`more than ${maxBytes} bytes of notes`);
      readTable(table, source, notes, damage);
    } catch (error) {
      if (!(error instanceof LimitExceeded)) throw error;
      damage.set(table.offset, { ...placeOf(table), message: `is not read: ${error.message}` });
      break;
    }
  }
  return { notes: [...notes.values()], damage: [...damage.values()] };
}

function readTable(
  table: NoteTable,
  source: Source,
  notes: Map<number, Note>,
  damage: Map<bigint, NoteDamage>,
): void {
  const { bytes, layout, budget } = source;
  const start = Number(table.offset);
  const buffer = bytes.read(start, Number(table.size));
  const walk = bestWalk(buffer, table, layout);
  // What objcopy leaves of a removed section.
  if (!walk.isNamed && buffer.every((byte) => byte === 0)) return;
  const inside =
    walk.isWhole && walk.isNamed ? [] : sectionsInside(table, optional(source.sections) ?? []);
  if (inside.length > 0) {
    for (const one of inside) readTable(one, { ...source, sections: none }, notes, damage);
    return;
  }
  for (const at of walk.starts) {
    if (notes.has(start + at)) continue;
    const note = noteAt(buffer, at, walk.padding, layout, start);
    budget.count('notes', 1);
    budget.spend(decodedSize + note.owner.length);
    notes.set(note.offset, note);
  }
  if (walk.isWhole) return;
  const offset = table.offset + BigInt(walk.end);
  damage.set(offset, { title: table.title, offset, ...unreadable(buffer.subarray(walk.end)) });
}

/**
 * The padding that p_align says, then the other one: mold puts notes of alignment 8 and 4 under one header of alignment 8.
 * Where none fits, the one that gets farther.
 */
function bestWalk(buffer: Buffer, { alignment }: NoteTable, layout: Layout): NoteWalk {
  const paddings: readonly NotePadding[] = alignment === 8n ? [8, 4] : [4, 8];
  const walks = paddings.map((padding) => walkNotes(buffer, padding, layout, maxWalked));
  const [first, second] = walks as [NoteWalk, NoteWalk];
  const sound = walks.find(({ isWhole, isNamed }) => isWhole && isNamed);
  if (sound !== undefined) return sound;
  const whole = walks.find(({ isWhole }) => isWhole);
  if (whole !== undefined) return whole;
  return second.isNamed && second.end > first.end ? second : first;
}

/** Linkers join sections of notes under one header; each was written by one tool, with one padding. */
function sectionsInside(table: NoteTable, sections: readonly Section[]): readonly NoteTable[] {
  return sections
    .filter(
      ({ type, offset, size }) =>
        type === SHT.NOTE &&
        size > 0n &&
        offset >= table.offset &&
        offset + size <= table.offset + table.size,
    )
    .map(tableOf);
}

function placeOf({ title, offset }: NoteTable): Pick<NoteDamage, 'title' | 'offset'> {
  return { title, offset };
}

const shownText = 60;

/** Some programs keep a sentence in a section that the linker takes for notes; patchelf fills what it moved with one letter. */
function unreadable(rest: Buffer): Pick<NoteDamage, 'message' | 'text'> {
  if (rest.length >= 4 && rest.every((byte) => byte === rest[0])) {
    return { message: `holds a filler (${hex(rest[0] ?? 0)}) where notes were` };
  }
  const text = rest.toString('latin1').replace(/\0+$/, '');
  if (text.length >= 8 && /^[\t\n\r\x20-\x7e\0]*$/.test(text)) {
    return { message: 'holds text, not notes', text: text.slice(0, shownText) };
  }
  return { message: `holds a note that does not end in it (${hex(rest.length)} bytes are left)` };
}
