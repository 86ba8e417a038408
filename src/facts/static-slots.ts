// supporting: the function pointers that a static program's start code writes
import { PF, PT } from '../elf/constants.ts';
import { isLittleEndian, readWord, viewOf, wordSize } from '../elf/layout.ts';
import type { Elf, Segment } from '../elf/model.ts';

/** The linker puts relocations before code and constants, near the start of the segment with the headers. */
const searchedBytes = 1024 * 1024;
/** glibc itself has about 40; a file made of look-alikes shall not keep the search busy. */
const maxSlots = 65_536;

/**
 * Slots of IFUNC functions in a program without PT_DYNAMIC. Its start code runs the resolvers of a table between
 * `__rela_iplt_start` and `__rela_iplt_end` (glibc csu/libc-start.c, apply_irel), which no header leads to once the
 * section headers are gone. An entry is known by its content: an R_*_IRELATIVE that names no symbol, for a
 * word in a writable segment, with a resolver in an executable one.
 */
export function staticSlots(elf: Elf, irelative: number): readonly bigint[] {
  const loads = elf.segments.filter(({ type, fileSize }) => type === PT.LOAD && fileSize > 0n);
  const readOnly = loads.filter(({ flags }) => (flags & PF.W) === 0);
  const slots: bigint[] = [];
  for (const load of readOnly) {
    const bytes = startOf(elf, load);
    if (bytes !== null) collectSlots(elf, loads, bytes, irelative, slots);
  }
  return slots;
}

function startOf(elf: Elf, load: Segment): Buffer | null {
  const left = BigInt(elf.bytes.size) - load.offset;
  if (left <= 0n) return null;
  const length = [load.fileSize, left, BigInt(searchedBytes)].reduce((a, b) => (a < b ? a : b));
  return elf.bytes.read(Number(load.offset), Number(length));
}

function collectSlots(
  elf: Elf,
  loads: readonly Segment[],
  bytes: Buffer,
  irelative: number,
  slots: bigint[],
): void {
  const word = wordSize(elf.header);
  const view = viewOf(bytes);
  const relocationInfo = infoWord(elf, irelative);
  const within = (address: bigint, flag: number) =>
    loads.some((load) => holds(load, address, flag));
  let at = bytes.indexOf(relocationInfo, word);
  while (at !== -1 && at + 2 * word <= bytes.length && slots.length < maxSlots) {
    const slot = at % word === 0 ? readWord(view, at - word, elf.header) : 0n;
    if (slot % BigInt(word) === 0n && within(slot, PF.W)) {
      const resolvers = [readWord(view, at + word, elf.header), storedWord(elf, slot)];
      if (resolvers.some((resolver) => resolver !== null && within(resolver, PF.X)))
        slots.push(slot);
    }
    at = bytes.indexOf(relocationInfo, at + 1);
  }
}

/** r_info of a relocation without symbol: the type alone, in a word of the file's class. */
function infoWord({ header }: Elf, type: number): Buffer {
  const bytes = Buffer.alloc(wordSize(header));
  const view = viewOf(bytes);
  const little = isLittleEndian(header);
  if (header.bits === 64) view.setBigUint64(0, BigInt(type), little);
  else view.setUint32(0, type, little);
  return bytes;
}

/** REL machines (i386, arm) keep the resolver in the slot itself. */
function storedWord(elf: Elf, address: bigint): bigint | null {
  const size = wordSize(elf.header);
  const offset = elf.fileOffset(address, size);
  return offset === null ? null : readWord(viewOf(elf.bytes.read(offset, size)), 0, elf.header);
}

function holds(load: Segment, address: bigint, flag: number): boolean {
  const inside = address >= load.address && address - load.address < load.memorySize;
  return inside && (load.flags & flag) !== 0;
}
