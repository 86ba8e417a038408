// supporting: reads the program properties that linkers merge from all object files
import { NT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { MalformedElf } from '../errors.ts';

/** A number of 4 bytes among the properties of NT_GNU_PROPERTY_TYPE_0, and where it stands. */
export interface PropertyBits {
  readonly bits: number;
  /** File offset of the number. */
  readonly offset: number;
}

const headerSize = 8;

/**
 * One property of the file (Linux ABI extensions, section 2.1.7), null when it has none of the type. Properties are
 * padded to 8 bytes in 64-bit files, to 4 in others.
 */
export function propertyBits(elf: Elf, wanted: number): PropertyBits | null {
  const alignment = elf.header.bits / 8;
  const little = elf.header.byteOrder === 'little';
  for (const { owner, type, description, offset } of elf.notes) {
    if (owner !== 'GNU' || type !== NT.GNU_PROPERTY_TYPE_0) continue;
    // The description follows a header of 12 bytes and the padded owner.
    const start = offset + 16;
    const word = (at: number) =>
      little ? description.readUInt32LE(at) : description.readUInt32BE(at);
    for (let at = 0; at + headerSize <= description.length; ) {
      const size = word(at + 4);
      if (at + headerSize + size > description.length) {
        throw new MalformedElf(
          `the GNU property at offset 0x${(start + at).toString(16)} has ${size} bytes, its note has ${description.length - at - headerSize} left`,
        );
      }
      if (word(at) === wanted && size >= 4) {
        return { bits: word(at + headerSize), offset: start + at + headerSize };
      }
      at += headerSize + Math.ceil(size / alignment) * alignment;
    }
  }
  return null;
}
