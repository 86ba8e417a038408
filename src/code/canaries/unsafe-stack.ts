import type { Elf } from '../../elf/model.ts';
import { visitFunctionCode } from '../functions/function-code.ts';
import { functionsOf } from '../functions/functions.ts';
import { machineOf } from '../machine-of.ts';

/** Functions that keep their buffers on a second stack (clang's SafeStack). */
export interface UnsafeStackFunctions {
  readonly count: number;
  /** File offset of the first one. */
  readonly first: bigint;
}

/** null: there is none, or the machine's form of it is not known. */
export function unsafeStackFunctions(elf: Elf): UnsafeStackFunctions | null {
  const moves = machineOf(elf.header)?.movesUnsafeStack ?? null;
  const functions = functionsOf(elf);
  if (moves === null || !functions.known) return null;
  let count = 0;
  let first: number | null = null;
  visitFunctionCode(elf, functions.table, (code, start) => {
    if (!moves(code)) return;
    count += 1;
    first ??= start;
  });
  return first === null ? null : { count, first: BigInt(first) };
}
