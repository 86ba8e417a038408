import { ET } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { type ImportCall, importCalls } from '../calls/import-calls.ts';
import { visitFunctions } from '../frames/eh-frame.ts';
import { locateEhFrame } from '../frames/eh-frame-location.ts';
import { gccStyleOf } from '../frames/frame-style.ts';
import { codeOffset } from './code-address.ts';
import { countPerFunction } from './coverage.ts';
import { type FunctionTable, noFunctions, selectFunctions } from './function-table.ts';
import { functionsOf } from './functions.ts';

/** By what a function is known to be C. */
export interface ForeignWitnesses {
  /** Imports that only C code calls. */
  readonly isOfC: (name: string) => boolean;
  /** File offsets of canary instructions, ascending: other compilers put none. */
  readonly canaries: readonly number[];
  /** The style of unwind information counts too. */
  readonly byStyle: boolean;
}

/**
 * The described functions that C compilers made: they have a canary, call what only C code calls, or are described as
 * gcc does. A function with a personality routine is that of the language with the routine, so never C.
 */
export function foreignFunctions(elf: Elf, witnesses: ForeignWitnesses): FunctionTable {
  const functions = functionsOf(elf);
  if (!functions.known || elf.header.type === ET.REL) return noFunctions;
  const { table } = functions;
  const calls = (importCalls(elf) ?? []).filter(({ name }) => witnesses.isOfC(name));
  const calling = countPerFunction(table, placesOf(calls));
  const guarded = countPerFunction(table, witnesses.canaries);
  const byGcc = countPerFunction(table, witnesses.byStyle ? gccStarts(elf) : []);
  return selectFunctions(
    table,
    (index) =>
      table.personalities[index] === 0 &&
      (guarded[index] !== 0 || calling[index] !== 0 || byGcc[index] !== 0),
  );
}

export function placesOf(calls: readonly ImportCall[]): readonly number[] {
  return calls.map(({ at }) => at);
}

/** File offsets of the first bytes of functions that gcc described, ascending. */
function gccStarts(elf: Elf): readonly number[] {
  const isByGcc = gccStyleOf(elf.header.machine);
  const location = isByGcc === null ? null : locateEhFrame(elf);
  if (isByGcc === null || location === null) return [];
  const bytes = elf.bytes.read(location.offset, location.end - location.offset);
  const starts: number[] = [];
  const { byteOrder, bits } = elf.header;
  const table = {
    bytes,
    address: location.address,
    byteOrder,
    pointerSize: bits === 64 ? 8 : 4,
    listed: location.listed,
  } as const;
  visitFunctions(table, (distance, _size, _frame, program, end) => {
    if (!isByGcc(bytes, program, end)) return;
    const start = codeOffset(elf, location.address + BigInt(distance));
    if (start !== null) starts.push(start);
  });
  return starts.sort((a, b) => a - b);
}
