import { EM } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

const SHT_ARM_ATTRIBUTES = 0x70000003;
const CPU_ARCH_PROFILE = 7;
/** Tags below 32 whose values are text (ABI for the Arm architecture, addenda32). */
const textTags: readonly number[] = [4, 5];
/** Scope of attributes: of the whole file. */
const FILE_SCOPE = 1;
const longest = 4096;

export interface ArmProfile {
  /** `M`: microcontrollers, `R`: real time, `A`: applications, where Linux runs. */
  readonly name: 'A' | 'R' | 'M';
  /** File offset of the section. */
  readonly offset: bigint;
}

/** What a compiler says the code is made for (Tag_CPU_arch_profile of .ARM.attributes); null where it does not say. */
export function armProfile(elf: Elf): ArmProfile | null {
  if (elf.header.machine !== EM.ARM || elf.header.byteOrder !== 'little') return null;
  const section = elf.sections.find(({ type }) => type === SHT_ARM_ATTRIBUTES);
  if (section === undefined || section.size > BigInt(longest)) return null;
  const value = profileIn(elf.sectionBytes(section));
  const name = (['A', 'R', 'M'] as const).find((each) => each.charCodeAt(0) === value);
  return name === undefined ? null : { name, offset: section.offset };
}

/** A version, then subsections of vendors: length, name, and lists of tags with a scope and a length. */
function profileIn(bytes: Buffer): number | null {
  const name = 'aeabi\0';
  if (bytes.length < 16 || bytes[0] !== 0x41 || bytes.toString('latin1', 5, 11) !== name)
    return null;
  if (bytes[11] !== FILE_SCOPE) return null;
  const end = Math.min(bytes.length, 11 + bytes.readUInt32LE(12));
  for (let at = 16; at < end; ) {
    const tag = numberAt(bytes, at);
    const isText = textTags.includes(tag.value) || (tag.value > 32 && (tag.value & 1) === 1);
    if (isText) {
      const close = bytes.indexOf(0, tag.next);
      if (close < 0) return null;
      at = close + 1;
      continue;
    }
    const value = numberAt(bytes, tag.next);
    if (tag.value === CPU_ARCH_PROFILE) return value.value;
    at = value.next;
    // Tag_compatibility has a number and a text.
    if (tag.value === 32) {
      const close = bytes.indexOf(0, at);
      if (close < 0) return null;
      at = close + 1;
    }
  }
  return null;
}

/** ULEB128. */
function numberAt(bytes: Buffer, start: number): { readonly value: number; readonly next: number } {
  let value = 0;
  let at = start;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[at] ?? 0;
    at += 1;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return { value, next: at };
}
