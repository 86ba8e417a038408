import type { Elf } from '../elf/model.ts';
import { perFile } from '../elf/reading/per-file.ts';

/**
 * How to find one fact out. A plain function of the ELF file that returns plain data, and throws MalformedElf or
 * LimitExceeded when the file does not allow an answer. One fact may call another: each runs once a file.
 */
export interface FactExtractor<T> {
  (elf: Elf): T;
  readonly cost: Cost;
}

/**
 * `headers`: read from headers and a few names, and always extracted. `tables` walks symbols, relocations or constants,
 * and `code` scans machine code or debug information: these run only if they are needed.
 */
export type Cost = 'headers' | 'tables' | 'code';

export function factExtractor<T>(cost: Cost, extract: (elf: Elf) => T): FactExtractor<T> {
  return Object.assign(perFile(extract), { cost });
}
