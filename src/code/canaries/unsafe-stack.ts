import type { Elf } from '../../elf/model.ts';
import { visitFunctionCode } from '../functions/function-code.ts';
import { functionsOf } from '../functions/functions.ts';
import { machineOf } from '../machine-of.ts';

/** Functions that keep their buffers on a second stack (clang's SafeStack); 0 also where the machine's form of it is not known. */
export function unsafeStackFunctions(elf: Elf): number {
  const moves = machineOf(elf.header)?.movesUnsafeStack ?? null;
  const functions = functionsOf(elf);
  if (moves === null || !functions.known) return 0;
  let count = 0;
  visitFunctionCode(elf, functions.table, (code) => {
    if (moves(code)) count += 1;
  });
  return count;
}
