import { NT, PT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { Note } from '../../elf/records.ts';

/** A number of 4 bytes among the properties of NT_GNU_PROPERTY_TYPE_0, and where it stands. */
export interface PropertyBits {
  readonly bits: number;
  /** File offset of the number. */
  readonly offset: number;
}

/** A property that reaches beyond its note. Loaders then take none of the note. */
export interface PropertyDamage {
  readonly offset: number;
  readonly saw: string;
}

interface Property {
  readonly type: number;
  readonly size: number;
  /** Where its content begins in the description. */
  readonly at: number;
}

const headerSize = 8;

/** One property of the file (Linux ABI extensions, section 2.1.7), null when a loader finds none of the type. */
export function propertyBits(elf: Elf, wanted: number): PropertyBits | null {
  for (const note of propertyNotes(elf)) {
    const properties = propertiesIn(elf, note);
    if (!Array.isArray(properties)) continue;
    const found = properties.find(({ type, size }) => type === wanted && size >= 4);
    if (found !== undefined) {
      return { bits: wordAt(elf, note, found.at), offset: contentOf(note) + found.at };
    }
  }
  return null;
}

export function propertyDamage(elf: Elf): readonly PropertyDamage[] {
  return propertyNotes(elf).flatMap((note): PropertyDamage[] => {
    const properties = propertiesIn(elf, note);
    return Array.isArray(properties) ? [] : [properties];
  });
}

/**
 * Where there is a PT_GNU_PROPERTY, Linux and glibc look at no other note (glibc goes through the headers from the last to the
 * first, and takes the first that it finds): one that was left behind by a tool that moved the notes hides them.
 */
function propertyNotes(elf: Elf): readonly Note[] {
  const all = elf.notes.filter(
    ({ owner, type }) => owner === 'GNU' && type === NT.GNU_PROPERTY_TYPE_0,
  );
  const segment = elf.segments.findLast(({ type }) => type === PT.GNU_PROPERTY);
  if (segment === undefined) return all;
  return all.filter(
    ({ offset }) =>
      BigInt(offset) >= segment.offset && BigInt(offset) < segment.offset + segment.fileSize,
  );
}

/** Properties are padded to 8 bytes in 64-bit files, to 4 in others. */
function propertiesIn(elf: Elf, note: Note): Property[] | PropertyDamage {
  const alignment = elf.header.bits / 8;
  const { length } = note.description;
  const found: Property[] = [];
  for (let at = 0; at + headerSize <= length; ) {
    const size = wordAt(elf, note, at + 4);
    const left = length - at - headerSize;
    if (size > left) {
      return { offset: contentOf(note) + at, saw: `a property of ${size} bytes, ${left} are left` };
    }
    found.push({ type: wordAt(elf, note, at), size, at: at + headerSize });
    at += headerSize + Math.ceil(size / alignment) * alignment;
  }
  return found;
}

/** The description follows a header of 12 bytes and the padded owner. */
function contentOf(note: Note): number {
  return note.offset + 16;
}

function wordAt({ header }: Elf, { description }: Note, at: number): number {
  return header.byteOrder === 'little'
    ? description.readUInt32LE(at)
    : description.readUInt32BE(at);
}
