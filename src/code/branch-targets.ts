import { DT, SHN, STT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { isLittleEndian, readWord, viewOf, wordSize } from '../elf/reading/layout.ts';
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
  /** Where kernel and loader go at start, and what is missing there: `e_entry`, `DT_INIT`, `DT_FINI`. */
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
  const start = startAddresses(elf, entered).filter(({ address }) => {
    const at = codeOffset(elf, address);
    return at !== null && isCode(at) && !lands(at);
  });
  const functions = [...pointedTo(elf)].filter(isCode);
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
function pointedTo(elf: Elf): ReadonlySet<number> {
  const found = new Set<number>();
  for (const address of [...exportedFunctions(elf), ...functionPointers(elf)]) {
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

/** Relocations of one file that are looked at. */
const mostPointers = 1_000_000;

/**
 * What the loader writes where the table says base + addend, as far as functions begin there: vtables, and tables of functions.
 * Labels within a function are branched to by other means too.
 */
function functionPointers(elf: Elf): readonly bigint[] {
  const type = relocationTypes(elf.header.machine)?.relative ?? null;
  const functions = functionsOf(elf);
  const word = wordSize(elf.header);
  const address = elf.dynamicValue(DT.RELA);
  const size = Number(elf.dynamicValue(DT.RELASZ) ?? 0n);
  const count = Math.min(mostPointers, Math.floor(size / (3 * word)));
  const at = address === null ? null : elf.fileOffset(address, count * 3 * word);
  if (type === null || at === null || count === 0 || !functions.known) return [];
  const { starts, length } = functions.table;
  const begins = new Set(starts.subarray(0, length));
  const view = viewOf(elf.bytes.read(at, count * 3 * word));
  const typeMask = word === 8 ? 0xffffffff : 0xff;
  const typeAt = word + (word === 8 && !isLittleEndian(elf.header) ? 4 : 0);
  const found: bigint[] = [];
  for (let entry = 0; entry < view.byteLength; entry += 3 * word) {
    const information = view.getUint32(entry + typeAt, isLittleEndian(elf.header));
    if ((information & typeMask) >>> 0 !== type) continue;
    const addend = readWord(view, entry + 2 * word, elf.header);
    const offset = codeOffset(elf, addend);
    if (offset !== null && begins.has(offset)) found.push(addend);
  }
  return found;
}
