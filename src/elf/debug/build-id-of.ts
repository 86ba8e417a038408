import { NT } from '../constants.ts';
import type { Elf } from '../model.ts';
import { sectionNotes } from '../notes/notes.ts';
import { budgetFor } from '../reading/decoding-budget.ts';
import type { Note } from '../records.ts';

/** NT_GNU_BUILD_ID, if it holds anything. */
export function buildIdNote(notes: readonly Note[]): Note | null {
  const note = notes.find(({ owner, type }) => owner === 'GNU' && type === NT.GNU_BUILD_ID);
  return note === undefined || note.description.length === 0 ? null : note;
}

/** NT_GNU_BUILD_ID in hex, of a program; null: it has none. */
export function buildIdOf({ notes }: Elf): string | null {
  return idIn(notes);
}

/** The same of a debug file, whose sections say where its notes are: its program headers are those of the program. */
export function buildIdOfDebugFile({ bytes, header, sections }: Elf): string | null {
  return idIn(sectionNotes(bytes, header, sections, budgetFor(bytes.size)).notes);
}

function idIn(notes: readonly Note[]): string | null {
  return buildIdNote(notes)?.description.toString('hex') ?? null;
}
