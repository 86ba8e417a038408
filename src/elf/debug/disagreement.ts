import { PT, SHF, SHT } from '../constants.ts';
import type { Elf } from '../model.ts';
import type { Section, Segment } from '../records.ts';

/**
 * What shows that a debug file was not split from this program, as the end of a sentence; null: nothing does. Header, PT_LOAD
 * segments and loaded sections of both were one before: `objcopy --only-keep-debug` and `eu-strip -f` keep all of them, and only
 * leave their bytes out.
 */
export function disagreement(program: Elf, debug: Elf): string | null {
  return (
    headerDiffers(program, debug) ??
    segmentsDiffer(program, debug) ??
    sectionsDiffer(program, debug)
  );
}

const headerFields = ['bits', 'byteOrder', 'machine', 'type', 'entry'] as const;

function headerDiffers({ header: program }: Elf, { header: debug }: Elf): string | null {
  const field = headerFields.find((name) => program[name] !== debug[name]);
  if (field === undefined) return null;
  return `its header says ${field} ${shown(debug[field])}, and that of the program ${shown(program[field])}`;
}

function shown(value: string | number | bigint): string {
  return typeof value === 'bigint' ? `0x${value.toString(16)}` : String(value);
}

/** A debug file may have no program headers, for no loader reads it. */
function segmentsDiffer(program: Elf, debug: Elf): string | null {
  const kept = debug.segments.filter(isLoaded);
  if (kept.length === 0) return null;
  const own = program.segments.filter(isLoaded);
  if (kept.length !== own.length)
    return `it has ${kept.length} PT_LOAD segments, and the program ${own.length}`;
  const at = kept.findIndex(
    (segment, index) => placeOfSegment(segment) !== placeOfSegment(own[index]),
  );
  const [first, other] = [kept[at], own[at]];
  if (first === undefined || other === undefined) return null;
  return `its PT_LOAD segment ${first.index} is ${placeOfSegment(first)}, and that of the program ${placeOfSegment(other)}`;
}

function isLoaded({ type }: Segment): boolean {
  return type === PT.LOAD;
}

function placeOfSegment(segment: Segment | undefined): string {
  if (segment === undefined) return '';
  const { address, memorySize, flags } = segment;
  return `0x${memorySize.toString(16)} bytes at 0x${address.toString(16)} with flags ${flags}`;
}

function sectionsDiffer(program: Elf, debug: Elf): string | null {
  if (program.sections.length === 0)
    return 'the program has no section headers, so nothing shows that they belong together';
  const own = new Map(program.sections.filter(isAllocated).map((each) => [placeOf(each), each]));
  const kept = debug.sections.filter(isAllocated);
  for (const section of kept) {
    const other = own.get(placeOf(section));
    if (other === undefined) return `the program has no section ${placeOf(section)}`;
    if (section.type !== SHT.NOBITS && section.type !== other.type)
      return `section ${section.name} has type ${section.type} in it, and ${other.type} in the program`;
  }
  const names = new Set(kept.map(placeOf));
  const missing = [...own.keys()].find((place) => !names.has(place));
  return missing === undefined ? null : `it has no section ${missing}`;
}

/** Loaded, and known by its address: where processes see it. */
export function isAllocated({ flags, type }: Section): boolean {
  return (flags & SHF.ALLOC) !== 0n && type !== SHT.NULL;
}

/** Name, place and rights: what must be the same on both sides. */
export function placeOf({ name, address, size, flags }: Section): string {
  const rights = flags & (SHF.WRITE | SHF.EXECINSTR);
  return `${name} of 0x${size.toString(16)} bytes at 0x${address.toString(16)} with flags ${rights}`;
}
