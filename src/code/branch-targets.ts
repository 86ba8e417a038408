import { DT, SHN, SHT, STT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { isLittleEndian, readWord, viewOf, wordSize } from '../elf/reading/layout.ts';
import type { RelocationBatch } from '../elf/relocations/relocation-batch.ts';
import { relocationTypes } from '../elf/relocations/relocation-types.ts';
import { typeOf } from '../elf/symbols/symbol-table.ts';
import { codeOffset } from './functions/code-address.ts';
import { executableRanges } from './functions/executable-ranges.ts';
import { functionsOf } from './functions/functions.ts';
import { machineOf } from './machine-of.ts';

/**
 * Places that indirect branches lead to for certain: where restricted branches are enforced, one that does not begin with a
 * landing pad ends the process.
 */
export interface BranchTargets {
  /** Where kernel and loader go at start and end without a landing pad: `e_entry`, `DT_INIT`, `DT_FINI` and what the arrays hold. */
  readonly start: readonly { readonly name: string; readonly address: bigint }[];
  /** Functions that others reach by a pointer: exported ones, and those whose address the loader writes. */
  readonly functions: number;
  /** Those of them that begin with a landing pad. */
  readonly landing: number;
}

/**
 * @param entered whether the kernel or a loader goes to `e_entry`: old linkers give libraries one too
 * @returns null where no landing pad of the machine is known
 */
export function branchTargets(elf: Elf, entered: boolean): BranchTargets | null {
  const landsAt = machineOf(elf.header)?.landsAt ?? null;
  if (landsAt === null) return null;
  const ranges = executableRanges(elf);
  const isCode = (at: number) => ranges.some(({ offset, end }) => offset <= at && at < end);
  const lands = (at: number) => landsAt(elf.bytes.read(at, Math.min(4, elf.bytes.size - at)), 0);
  const pointers = writtenPointers(elf);
  const starts = [...startAddresses(elf, entered), ...calledByArrays(elf, pointers)];
  const start = starts.filter(({ address }) => {
    const at = codeOffset(elf, address);
    return at !== null && isCode(at) && !lands(at);
  });
  const functions = [...pointedTo(elf, pointers)].filter(isCode);
  return { start, functions: functions.length, landing: functions.filter(lands).length };
}

function startAddresses(elf: Elf, entered: boolean): BranchTargets['start'] {
  const named = [
    { name: 'e_entry', address: entered ? elf.header.entry : null },
    { name: 'DT_INIT', address: elf.dynamicValue(DT.INIT) },
    { name: 'DT_FINI', address: elf.dynamicValue(DT.FINI) },
  ];
  return named.flatMap(({ name, address }) =>
    address === null || address === 0n ? [] : [{ name, address }],
  );
}

/** File offsets. */
function pointedTo(elf: Elf, pointers: readonly Pointer[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const address of [...exportedFunctions(elf), ...functionPointers(elf, pointers)]) {
    const at = codeOffset(elf, address);
    if (at !== null) found.add(at);
  }
  return found;
}

function exportedFunctions(elf: Elf): readonly bigint[] {
  const table = elf.dynamicSymbolTable;
  const found: bigint[] = [];
  for (let index = 1; index < table.length; index += 1) {
    if (table.sections[index] === SHN.UNDEF) continue;
    // The value of an undefined one is a stub; `_init` and `_fini` are looked at as what the loader calls.
    if (typeOf(table, index) === STT.FUNC && !/^_(init|fini)$/.test(table.name(index)))
      found.push(table.value(index));
  }
  return found;
}

/** An address that the loader makes from the base and a number, and where it writes it. */
interface Pointer {
  readonly place: bigint;
  readonly value: bigint;
}

/** Functions that are called one after the other, with the constructors first: most ends are never seen. */
const arrays = [
  { of: 'PREINIT_ARRAY', size: 'PREINIT_ARRAYSZ' },
  { of: 'INIT_ARRAY', size: 'INIT_ARRAYSZ' },
  { of: 'FINI_ARRAY', size: 'FINI_ARRAYSZ' },
] as const;
/** Entries of an array that are looked at. */
const mostCalled = 65_536;

/** What the arrays hold once the loader is through with them; 0 and -1 end old ones. */
function calledByArrays(elf: Elf, pointers: readonly Pointer[]): BranchTargets['start'] {
  const word = wordSize(elf.header);
  return arrays.flatMap((array) => {
    const { name, start, size } = placeOf(elf, array);
    if (start === null) return [];
    const end = start + size;
    const written = pointers.filter(({ place }) => place >= start && place < end);
    const places = new Set(written.map(({ place }) => place));
    const count = Math.min(mostCalled, Number((end - start) / BigInt(word)));
    const kept = Array.from({ length: count }, (_, index) => start + BigInt(index * word))
      .filter((place) => !places.has(place))
      .map((place) => wordAt(elf, place) ?? 0n);
    return [...written.map(({ value }) => value), ...kept].map((address) => ({ name, address }));
  });
}

/** By the dynamic section; a program without one shows them by a section, or not at all. */
function placeOf(elf: Elf, { of, size }: (typeof arrays)[number]) {
  if (elf.dynamic !== null) {
    const name = `DT_${of}`;
    return { name, start: elf.dynamicValue(DT[of]), size: elf.dynamicValue(DT[size]) ?? 0n };
  }
  const found = elf.sections.find(({ type }) => type === SHT[of]);
  const name = `.${of.toLowerCase()}`;
  return { name, start: found?.address ?? null, size: found?.size ?? 0n };
}

/** Those of the values at which functions begin: vtables, and tables of functions. Labels within a function are branched to by other means too. */
function functionPointers(elf: Elf, pointers: readonly Pointer[]): readonly bigint[] {
  const functions = functionsOf(elf);
  if (!functions.known) return [];
  const { starts, length } = functions.table;
  const begins = new Set(starts.subarray(0, length));
  return pointers
    .map(({ value }) => value)
    .filter((value) => begins.has(codeOffset(elf, value) ?? -1));
}

/** Relocations of one file that are looked at. */
const mostPointers = 1_000_000;

/** By tables with addends, by those without, and by DT_RELR: there the number lies where the address is written. */
function writtenPointers(elf: Elf): readonly Pointer[] {
  const type = relocationTypes(elf.header.machine)?.relative ?? null;
  if (type === null) return [];
  const found = withAddends(elf, type);
  const visit = (batch: RelocationBatch) => {
    const { count, types } = batch;
    for (let index = 0; index < count && found.length < mostPointers; index += 1) {
      if (types[index] !== type) continue;
      const place = batch.offset(index);
      const value = wordAt(elf, place);
      if (value !== null) found.push({ place, value });
    }
  };
  if (elf.dynamicValue(DT.REL) === null) elf.visitRelative(visit);
  else elf.visitBatches(visit);
  return found;
}

function wordAt(elf: Elf, place: bigint): bigint | null {
  const word = wordSize(elf.header);
  const at = elf.fileOffset(place, word);
  return at === null ? null : readWord(viewOf(elf.bytes.read(at, word)), 0, elf.header);
}

function withAddends(elf: Elf, type: number): Pointer[] {
  const word = wordSize(elf.header);
  const address = elf.dynamicValue(DT.RELA);
  const size = Number(elf.dynamicValue(DT.RELASZ) ?? 0n);
  const count = Math.min(mostPointers, Math.floor(size / (3 * word)));
  const at = address === null ? null : elf.fileOffset(address, count * 3 * word);
  if (at === null || count === 0) return [];
  const view = viewOf(elf.bytes.read(at, count * 3 * word));
  const typeMask = word === 8 ? 0xffffffff : 0xff;
  const typeAt = word + (word === 8 && !isLittleEndian(elf.header) ? 4 : 0);
  const found: Pointer[] = [];
  for (let entry = 0; entry < view.byteLength; entry += 3 * word) {
    const information = view.getUint32(entry + typeAt, isLittleEndian(elf.header));
    if ((information & typeMask) >>> 0 !== type) continue;
    const place = readWord(view, entry, elf.header);
    found.push({ place, value: readWord(view, entry + 2 * word, elf.header) });
  }
  return found;
}
