import { scanInWindows, type VisitFindings } from './scan-in-windows.ts';

/**
 * Finds every place of x86 code where `call` or `jmp` may begin, through a slot (ff 15, ff 25) or, unless `slotsOnly`,
 * straight (e8, e9), whose slot or target lies from `least` to `most`, in bytes from the beginning of the code.
 */
export function scanBranches(
  code: Buffer,
  slotsOnly: boolean,
  least: number,
  most: number,
  visit: VisitFindings,
): void {
  scanInWindows(
    code,
    (scanner, size, start) =>
      scanner.branches(size, slotsOnly ? 0 : 0xff, least - start, most - start),
    visit,
  );
}
