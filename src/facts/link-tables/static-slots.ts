import { EM, PF, PT, SHF, SHT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { demandContent } from '../../elf/reading/demand-content.ts';
import { isLittleEndian, readWord, viewOf, wordSize } from '../../elf/reading/layout.ts';
import type { Segment } from '../../elf/records.ts';
import { demandSections } from '../file/lost-sections.ts';
import { addressesOf } from './address-ranges.ts';

/** The linker puts relocations before code and constants, near the start of the segment with the headers. */
const searchedBytes = 1024 * 1024;

/**
 * Slots of IFUNC functions in a program without PT_DYNAMIC. Its start code runs the resolvers of a table between
 * `__rela_iplt_start` and `__rela_iplt_end` (glibc csu/libc-start.c, apply_irel), which no header leads to once the
 * section headers are gone. An entry is known by its content: an R_*_IRELATIVE that names no symbol, for a
 * word in a writable segment, with a resolver in an executable one. Throws MalformedElf when there is none and the
 * section headers do not confirm that: they show a table whose bytes are lost, or are lost themselves.
 */
export function staticSlots(elf: Elf, irelative: number): readonly bigint[] {
  const loads = elf.segments.filter(({ type }) => type === PT.LOAD);
  const isSlot = slotTest(elf);
  const slots: bigint[] = [];
  let left = searchedBytes;
  for (const load of loads.filter(({ flags }) => (flags & PF.W) === 0)) {
    const bytes = startOf(elf, load, left);
    left -= bytes.length;
    collectSlots(elf, bytes, irelative, isSlot, slots);
  }
  if (slots.length === 0) demandNoLostTable(elf);
  return slots;
}

function demandNoLostTable(elf: Elf): void {
  demandSections(elf);
  for (const section of elf.sections) {
    const isTable = section.type === SHT.RELA || section.type === SHT.REL;
    // GNU ld leaves room for relocations of RISC-V that turn out not to be needed: R_RISCV_NONE, all zeros.
    if (isTable && (section.flags & SHF.ALLOC) !== 0n && elf.header.machine !== EM.RISCV)
      demandContent(elf.sectionBytes(section), section.name);
  }
}

/** At most `length` bytes of the segment. */
function startOf(elf: Elf, load: Segment, length: number): Buffer {
  const inFile = BigInt(elf.bytes.size) - load.offset;
  const wanted = [load.fileSize, inFile, BigInt(length)].reduce((a, b) => (a < b ? a : b));
  return wanted <= 0n ? Buffer.of() : elf.bytes.read(Number(load.offset), Number(wanted));
}

/** `addend` is the resolver on RELA machines; REL machines (i386, arm) keep it in the slot itself. */
type SlotTest = (slot: bigint, addend: bigint) => boolean;

function slotTest(elf: Elf): SlotTest {
  const isData = addressesOf(elf.memory.filter(({ flags }) => (flags & PF.W) !== 0));
  const isCode = addressesOf(elf.memory.filter(({ flags }) => (flags & PF.X) !== 0));
  const word = BigInt(wordSize(elf.header));
  return (slot, addend) => {
    if (slot % word !== 0n || !isData(slot)) return false;
    if (isCode(addend)) return true;
    const stored = storedWord(elf, slot);
    return stored !== null && isCode(stored);
  };
}

function collectSlots(
  elf: Elf,
  bytes: Buffer,
  irelative: number,
  isSlot: SlotTest,
  slots: bigint[],
): void {
  const word = wordSize(elf.header);
  const view = viewOf(bytes);
  const relocationInfo = infoWord(elf, irelative);
  let at = bytes.indexOf(relocationInfo, word);
  while (at !== -1 && at + 2 * word <= bytes.length) {
    const slot = readWord(view, at - word, elf.header);
    if (at % word === 0 && isSlot(slot, readWord(view, at + word, elf.header))) slots.push(slot);
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

function storedWord(elf: Elf, address: bigint): bigint | null {
  const size = wordSize(elf.header);
  const offset = elf.fileOffset(address, size);
  return offset === null ? null : readWord(viewOf(elf.bytes.read(offset, size)), 0, elf.header);
}
