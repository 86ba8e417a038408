import type { Elf } from '../../elf/model.ts';
import { executableRanges } from '../functions/executable-ranges.ts';
import { machineOf } from '../machine-of.ts';

/**
 * Traps that a conditional branch leads to. fortify-headers, which musl distributions use, inlines its checks as
 * `if (...) __builtin_trap()`, so these are all that is left of them.
 */
export interface GuardedTraps {
  readonly count: number;
  /** Bytes of executable code. */
  readonly codeSize: number;
}

/** null where the traps of the file's machine are not known. */
export function guardedTraps(elf: Elf): GuardedTraps | null {
  const countTraps = machineOf(elf.header)?.guardedTraps ?? null;
  if (countTraps === null) return null;
  const ranges = executableRanges(elf);
  return {
    count: ranges.reduce(
      (count, { offset, end }) => count + countTraps(elf.bytes.read(offset, end - offset)),
      0,
    ),
    codeSize: ranges.reduce((size, { offset, end }) => size + end - offset, 0),
  };
}
