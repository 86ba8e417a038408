import type { Evidence } from '../base/verdict.ts';
import { EM } from '../elf/constants.ts';
import { kernelPagesOf } from '../elf/memory/page.ts';
import { pageFit } from '../elf/memory/page-fit.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import { evidence, hex, programHeaderOffset } from './file/header-offsets.ts';
import libc from './libc.ts';
import { type FunctionTable, functionTables } from './link-tables/function-tables.ts';
import { type LoaderWrites, loaderWrites, type PageLoss } from './link-tables/loader-writes.ts';
import {
  isWritable,
  type RelroRange,
  relroEnd,
  relroRange,
  writableDynamic,
} from './link-tables/relro-range.ts';
import linking from './linking.ts';

/**
 * How much of what the loader writes becomes read-only before the program runs.
 * - `none`: no PT_GNU_RELRO, or one that makes nothing of what is written at start read-only.
 * - `partial`: it leaves function pointers writable, or what `leftOut` says, which every linker puts into it.
 * - `full`: it covers every function pointer that the loader writes, with the smallest pages of the machine's kernels.
 * - `nominal`: as full, but no code applies it: musl's start code does not protect static programs (musl 1.2.5).
 * - `not-available`: MIPS. GNU ld writes no PT_GNU_RELRO there, or one that leaves the GOT out.
 * - `undecided`: there is a PT_GNU_RELRO, and the machine's relocation types are not known.
 */
export type RelroState = 'none' | 'partial' | 'full' | 'nominal' | 'not-available' | 'undecided';

export interface Relro {
  readonly state: RelroState;
  /** There is a PT_GNU_RELRO with nothing in it that is written at start. */
  readonly idle: boolean;
  /** Targets of JUMP_SLOT, IRELATIVE and GLOB_DAT of functions, and MIPS's global GOT, inside and outside PT_GNU_RELRO. */
  readonly covered: number;
  readonly open: number;
  /** Writable, and outside. null: neither is, or there is no PT_GNU_RELRO. */
  readonly leftOut: LeftOut | null;
  /** What larger pages leave writable of a `full` one, the smallest size first. [] where they leave nothing, or there are none. */
  readonly largerPages: readonly LargerPage[];
  /**
   * Relocations of any type. 0: nothing is written into the file at start. null: there are some, and they cannot be read,
   * which changes nothing where there is no PT_GNU_RELRO.
   */
  readonly relocations: number | null;
  /** Tables of functions, such as those of constructors. null: the file does not show whether it has any. */
  readonly tables: boolean | null;
  readonly evidence: readonly Evidence[];
}

/** The dynamic section, by which exit finds what to call, or a table that it leads to. */
export type LeftOut = 'DYNAMIC' | FunctionTable['tag'];

export interface LargerPage {
  /** Bytes. */
  readonly size: number;
  /** Most kernels of the machine have it. */
  readonly isUsual: boolean;
  /** Function pointers that the loader writes, of `covered`. */
  readonly open: number;
  /** All that it writes. */
  readonly writes: number;
  readonly leftOut: LeftOut | null;
}

export default factExtractor('tables', (elf): Relro => {
  const range = relroRange(elf);
  const read = () => loaderWrites(elf);
  const writes = range === null && elf.dynamic !== null ? optional(read) : read();
  const idle = range !== null && isIdle(elf, range, writes);
  const inForce = idle ? null : range;
  const left = inForce === null ? null : leftOut(elf, inForce.start, inForce.end);
  const state = stateOf(elf, inForce, writes, left);
  return {
    state,
    idle,
    covered: writes?.slots?.covered.count ?? 0,
    open: writes?.slots?.open.count ?? 0,
    leftOut: left,
    largerPages: inForce !== null && state === 'full' ? largerPages(elf, inForce, writes) : [],
    relocations: writes?.relocations ?? null,
    tables: hasFunctionTables(elf),
    evidence: [rangeEvidence(elf, range), ...slotEvidence(elf, writes)],
  };
});

function stateOf(
  elf: Elf,
  range: RelroRange | null,
  writes: LoaderWrites | null,
  left: LeftOut | null,
): RelroState {
  const unprotected = elf.header.machine === EM.MIPS ? 'not-available' : null;
  if (range === null) return unprotected ?? 'none';
  const slots = writes?.slots ?? null;
  if (slots === null) return 'undecided';
  const isWhole = slots.open.count === 0 && left === null;
  if (!isWhole) return unprotected ?? 'partial';
  return linking(elf).how === 'static' && libc(elf).name === 'musl' ? 'nominal' : 'full';
}

/**
 * Every linker puts what is written at start into the range, the dynamic section too where it is writable. One with
 * neither protects nothing: anybody can turn another program header into it.
 */
function isIdle(elf: Elf, range: RelroRange, writes: LoaderWrites | null): boolean {
  if (writes === null || writes.relocations === 0 || writes.protected > 0) return false;
  return writableDynamic(elf, range.start, range.end) !== 'inside';
}

function leftOut(elf: Elf, start: bigint, end: bigint): LeftOut | null {
  if (writableDynamic(elf, start, end) === 'outside') return 'DYNAMIC';
  const table = functionTables(elf).find(
    (each) =>
      each.start < each.end &&
      (each.start < start || each.end > end) &&
      isWritable(elf, each.start),
  );
  return table?.tag ?? null;
}

function largerPages(
  elf: Elf,
  { segment, start }: RelroRange,
  writes: LoaderWrites | null,
): readonly LargerPage[] {
  const { usual } = kernelPagesOf(elf.header);
  // Where it does not start there is nothing to protect.
  const starts = ({ size }: PageLoss) => pageFit(elf.segments, BigInt(size)).how !== 'misaligned';
  return (writes?.larger ?? [])
    .filter(starts)
    .map(({ size, slots, writes: all }) => ({
      size,
      isUsual: size === usual,
      open: slots,
      writes: all,
      leftOut: leftOut(elf, start, relroEnd(segment, BigInt(size))),
    }))
    .filter((page) => page.writes > 0 || page.leftOut !== null);
}

function rangeEvidence(elf: Elf, range: RelroRange | null): Evidence {
  if (range === null) return evidence('PT_GNU_RELRO', 'none', elf.header.programHeaderOffset);
  const saw = `addresses ${hex(range.start)} to ${hex(range.end)}`;
  return evidence('PT_GNU_RELRO', saw, programHeaderOffset(elf, range.segment));
}

function slotEvidence(elf: Elf, writes: LoaderWrites | null): Evidence[] {
  if (writes === null || writes.slots === null) return [];
  const { covered, open } = writes.slots;
  const counted = evidence(
    'function pointers written by the loader',
    `${covered.count} inside, ${open.count} outside`,
  );
  if (open.first === null) return [counted];
  const offset = elf.fileOffset(open.first, 1);
  const saw = `at address ${hex(open.first)}`;
  return [counted, evidence('first one outside', saw, offset === null ? null : BigInt(offset))];
}

/** What linkers put into PT_GNU_RELRO of a static program: tables that are called through or hold addresses. */
const tableNames = /^\.(preinit_array|init_array|fini_array|ctors|dtors|data\.rel\.ro|got)(\.|$)/;

/**
 * Tables of constructors, destructors and other addresses, which RELRO is for even where nothing is bound at start. A
 * libc's start files always contain some. null: a static file without libc and without section headers does not show
 * them.
 */
function hasFunctionTables(elf: Elf): boolean | null {
  if (elf.dynamic !== null) {
    return functionTables(elf).length > 0;
  }
  if (elf.sections.some(({ name, size }) => size > 0n && tableNames.test(name))) return true;
  const { name } = libc(elf);
  if (name !== 'none' && name !== 'unknown') return true;
  return elf.sections.length > 0 ? false : null;
}
