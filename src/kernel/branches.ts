import { scanInWindows } from './kernel.ts';

/**
 * Visits, in ascending order, every place of x86 code where `call` or `jmp` may begin, straight (e8, e9) or through a
 * slot (ff 15, ff 25), whose target or slot lies from `least` to `most`, in bytes from the beginning of the code.
 */
export function visitBranches(
  code: Buffer,
  least: number,
  most: number,
  visit: (at: number) => void,
): void {
  scanInWindows(
    code,
    (kernel, size, start) => kernel.branches(size, least - start, most - start),
    visit,
  );
}
