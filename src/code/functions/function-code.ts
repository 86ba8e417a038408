import type { Elf } from '../../elf/model.ts';
import { executableRanges } from './executable-ranges.ts';
import type { FunctionTable } from './function-table.ts';

/**
 * The code of each function with the file offset of its first byte: as much of it as lies in one executable range. The
 * bytes are there until the next function, or another glance at the file.
 */
export function visitFunctionCode(
  elf: Elf,
  { length, starts, ends }: FunctionTable,
  visit: (code: Buffer, start: number) => void,
): void {
  let index = 0;
  for (const { offset, end } of executableRanges(elf)) {
    for (; index < length && (starts[index] ?? 0) < end; index += 1) {
      const start = starts[index] ?? 0;
      const size = Math.min(ends[index] ?? 0, end) - start;
      if (start >= offset) visit(elf.bytes.glance(start, size), start);
    }
  }
}
