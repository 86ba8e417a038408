import { MalformedElf } from '../../base/errors.ts';
import { EM, ET, PT } from '../constants.ts';
import type { Bytes } from '../reading/bytes.ts';
import { type Layout, viewOf } from '../reading/layout.ts';
import type { FileHeader } from '../records.ts';

/*
 * Which of the four shapes a file has, as those decide it that run it. Linux does not look at EI_CLASS and EI_DATA on
 * most machines (fs/binfmt_elf.c, elf_check_arch of each machine): a kernel reads e_machine in its own byte order, and
 * takes the file for a program of the class whose e_phentsize is right at that class's place in the header. So one byte
 * of e_ident changes what tools show, and nothing of what runs.
 */

export const headerSize = { 32: 52, 64: 64 } as const;
export const programHeaderSize = { 32: 32, 64: 56 } as const;
export const sectionHeaderSize = { 32: 40, 64: 64 } as const;
/** Linux refuses larger tables of program headers (fs/binfmt_elf.c, load_elf_phdrs). */
export const largestProgramTable = 65_536;

interface KnownMachine {
  readonly orders: readonly Layout['byteOrder'][];
  /** In the order in which a kernel of the machine tries them: its own class, then the compatible one. */
  readonly classes: readonly Layout['bits'][];
  /** Its kernels ask EI_CLASS too. */
  readonly asksClass?: true;
}

const little = { orders: ['little'] } as const;
const big = { orders: ['big'] } as const;
const either = { orders: ['little', 'big'] } as const;

/** Machines of Linux. A number in the other byte order, or any other number, is left to e_ident. */
const machines: ReadonlyMap<number, KnownMachine> = new Map<number, KnownMachine>([
  [EM.SPARC, { ...big, classes: [32] }],
  [EM.I386, { ...little, classes: [32] }],
  [EM.I486, { ...little, classes: [32] }],
  [EM.M68K, { ...big, classes: [32] }],
  [EM.MIPS, { ...either, classes: [64, 32], asksClass: true }],
  [EM.PARISC, { ...big, classes: [64, 32] }],
  [EM.SPARC32PLUS, { ...big, classes: [32] }],
  [EM.PPC, { ...either, classes: [32] }],
  [EM.PPC64, { ...either, classes: [64] }],
  [EM.S390, { ...big, classes: [64, 32], asksClass: true }],
  [EM.S390_OLD, { ...big, classes: [64, 32], asksClass: true }],
  [EM.ARM, { ...either, classes: [32] }],
  [EM.SH, { ...either, classes: [32] }],
  [EM.SPARCV9, { ...big, classes: [64] }],
  [EM.IA_64, { ...little, classes: [64] }],
  [EM.X86_64, { ...little, classes: [64, 32] }],
  [EM.OPENRISC, { ...big, classes: [32] }],
  [EM.ARCOMPACT, { ...either, classes: [32] }],
  [EM.XTENSA, { ...either, classes: [32] }],
  [EM.AARCH64, { ...either, classes: [64, 32] }],
  [EM.MICROBLAZE, { ...either, classes: [32] }],
  [EM.ARCV2, { ...either, classes: [32] }],
  [EM.RISCV, { ...either, classes: [64, 32], asksClass: true }],
  [EM.CSKY, { ...little, classes: [32] }],
  [EM.LOONGARCH, { ...little, classes: [64, 32], asksClass: true }],
  [EM.ALPHA, { ...little, classes: [64] }],
]);

/** Numbers that kernels take for another one's (elf_check_arch). */
const otherNumbers: ReadonlyMap<number, number> = new Map([
  [EM.I486, EM.I386],
  [EM.S390_OLD, EM.S390],
]);

/** The machine that runs a file with this e_machine. */
export function machineOfNumber(machine: number): number {
  return otherNumbers.get(machine) ?? machine;
}

/** How the two identification bytes name a layout, or null where they do not. */
interface Identified {
  readonly bits: Layout['bits'] | null;
  readonly byteOrder: Layout['byteOrder'] | null;
}

/** Throws MalformedElf where neither the machine nor e_ident decides, or the header is cut. */
export function fileLayout(bytes: Bytes): Layout {
  const head = bytes.read(0, Math.min(bytes.size, headerSize[64]));
  const said = identified(head);
  if (head.length < headerSize[32]) {
    // It says what is missing.
    bytes.read(0, headerSize[said.bits ?? 32]);
  }
  const known = knownMachine(head, said.byteOrder);
  if (known === null) return byIdentification(head, said);
  const { machine, byteOrder } = known;
  const fits = (bits: Layout['bits']) => isReadable(bytes, head, { bits, byteOrder });
  return { byteOrder, bits: classOf(machine, said.bits, fits, programOf(head, byteOrder)) };
}

/**
 * Another layout that a table of program headers can be read by: the file is two programs, of which one runs while tools
 * may show the other one. The layout that e_ident names comes first. null where there is no such program.
 */
export function secondLayout(bytes: Bytes, first: Layout): Layout | null {
  const head = bytes.read(0, Math.min(bytes.size, headerSize[64]));
  const said = identified(head);
  const named: Layout = {
    bits: said.bits ?? first.bits,
    byteOrder: said.byteOrder ?? first.byteOrder,
  };
  const otherClass: Layout = { ...first, bits: first.bits === 64 ? 32 : 64 };
  const others = [named, otherClass].filter(
    ({ bits, byteOrder }) => bits !== first.bits || byteOrder !== first.byteOrder,
  );
  return others.find((layout) => hasLoad(bytes, head, layout)) ?? null;
}

/** By chance a few bytes look like a table, but hardly like one with a segment to load from this file. */
function hasLoad(bytes: Bytes, head: Buffer, layout: Layout): boolean {
  if (!isReadable(bytes, head, layout)) return false;
  const { size, count, start } = programTable(head, layout);
  const view = viewOf(bytes.read(Number(start), count * size));
  const isLittle = layout.byteOrder === 'little';
  return Array.from({ length: count }, (_, index) => index * size).some(
    (at) => view.getUint32(at, isLittle) === PT.LOAD,
  );
}

/** Whether the program headers can be read by this layout. */
export function isProgramTableReadable(bytes: Bytes, layout: Layout): boolean {
  return isReadable(bytes, bytes.read(0, Math.min(bytes.size, headerSize[64])), layout);
}

/** Whether a kernel of Linux is built for the machine, in this class and byte order. */
export function isLinuxMachine({ machine, bits, byteOrder }: FileHeader): boolean {
  const known = machines.get(machine);
  if (known === undefined) return false;
  return known.orders.includes(byteOrder) && known.classes.includes(bits);
}

/** What a kernel that asks EI_CLASS says against it; null where it is right or no kernel asks. */
export function refusedClass(bytes: Bytes, { machine, bits }: FileHeader): string | null {
  const said = bytes.read(4, 1)[0];
  const wanted = bits === 64 ? 2 : 1;
  if (machines.get(machine)?.asksClass !== true || said === wanted) return null;
  return `EI_CLASS is ${said} at 0x4, expected ${wanted}`;
}

function classOf(
  machine: KnownMachine,
  said: Layout['bits'] | null,
  fits: (bits: Layout['bits']) => boolean,
  isProgram: boolean,
): Layout['bits'] {
  const [native = 64] = machine.classes;
  const isClass = said !== null && machine.classes.includes(said);
  // Linkers read objects, and they go by e_ident, as do the kernels of some machines.
  if (isClass && fits(said) && (machine.asksClass || !isProgram)) return said;
  const fitting = machine.classes.find(fits);
  if (fitting !== undefined) return fitting;
  // No kernel takes it: what it says of itself is as good as anything.
  if (said !== null && (isClass || fits(said))) return said;
  return native;
}

function byIdentification(head: Buffer, { bits, byteOrder }: Identified): Layout {
  if (bits === null) {
    throw new MalformedElf(`EI_CLASS is ${head[4]} at 0x4, expected 1 (32-bit) or 2 (64-bit)`);
  }
  if (byteOrder === null) {
    throw new MalformedElf(`EI_DATA is ${head[5]} at 0x5, expected 1 (little) or 2 (big endian)`);
  }
  return { bits, byteOrder };
}

function identified(head: Buffer): Identified {
  const bits = head[4] === 1 ? 32 : head[4] === 2 ? 64 : null;
  const byteOrder = head[5] === 1 ? 'little' : head[5] === 2 ? 'big' : null;
  return { bits, byteOrder };
}

function knownMachine(head: Buffer, said: Layout['byteOrder'] | null) {
  const view = viewOf(head);
  const orders = said === 'big' ? (['big', 'little'] as const) : (['little', 'big'] as const);
  for (const byteOrder of orders) {
    const machine = machines.get(view.getUint16(18, byteOrder === 'little'));
    if (machine?.orders.includes(byteOrder)) return { machine, byteOrder };
  }
  return null;
}

function programOf(head: Buffer, byteOrder: Layout['byteOrder']): boolean {
  const type = viewOf(head).getUint16(16, byteOrder === 'little');
  return type === ET.EXEC || type === ET.DYN;
}

/** Whether there is a table that this layout leads to: program headers, or in an object the size of section headers. */
function isReadable(bytes: Bytes, head: Buffer, layout: Layout): boolean {
  if (head.length < headerSize[layout.bits]) return false;
  const view = viewOf(head);
  const isLittle = layout.byteOrder === 'little';
  if (view.getUint16(16, isLittle) === ET.REL) {
    return (
      view.getUint16(layout.bits === 64 ? 58 : 46, isLittle) === sectionHeaderSize[layout.bits]
    );
  }
  const { size, count, start } = programTable(head, layout);
  return (
    size === programHeaderSize[layout.bits] &&
    count > 0 &&
    count * size <= largestProgramTable &&
    start + BigInt(count * size) <= BigInt(bytes.size)
  );
}

/** e_phentsize, e_phnum and e_phoff. */
function programTable(head: Buffer, { bits, byteOrder }: Layout) {
  const view = viewOf(head);
  const isLittle = byteOrder === 'little';
  return bits === 64
    ? {
        size: view.getUint16(54, isLittle),
        count: view.getUint16(56, isLittle),
        start: view.getBigUint64(32, isLittle),
      }
    : {
        size: view.getUint16(42, isLittle),
        count: view.getUint16(44, isLittle),
        start: BigInt(view.getUint32(28, isLittle)),
      };
}
