import { DT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/** Functions that a loader calls one after the other (gABI, "Initialization and Termination Functions"). */
export interface FunctionTable {
  readonly tag: 'PREINIT_ARRAY' | 'INIT_ARRAY' | 'FINI_ARRAY';
  /** Addresses. */
  readonly start: bigint;
  /** Exclusive. */
  readonly end: bigint;
}

const tables = [
  { tag: 'PREINIT_ARRAY', size: DT.PREINIT_ARRAYSZ },
  { tag: 'INIT_ARRAY', size: DT.INIT_ARRAYSZ },
  { tag: 'FINI_ARRAY', size: DT.FINI_ARRAYSZ },
] as const;

/** Those that the dynamic section leads to, the empty ones too. */
export function functionTables(elf: Elf): readonly FunctionTable[] {
  return tables.flatMap(({ tag, size }) => {
    const start = elf.dynamicValue(DT[tag]);
    if (start === null) return [];
    return [{ tag, start, end: start + (elf.dynamicValue(size) ?? 0n) }];
  });
}
