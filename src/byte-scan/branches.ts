import { scanInWindows, type VisitFindings } from './scan-in-windows.ts';

/** Both inclusive, in bytes from the beginning of the code; `least` above `most` for none. */
export interface Distances {
  readonly least: number;
  readonly most: number;
}

/**
 * Finds every place of x86 code where `call` or `jmp` may begin, straight (e8, e9) with a target in `straight`, or
 * through a slot (ff 15, ff 25) in `slots`.
 */
export function scanBranches(
  code: Buffer,
  straight: Distances,
  slots: Distances,
  visit: VisitFindings,
): void {
  const isStraight = straight.least <= straight.most ? 0xff : 0;
  scanInWindows(
    code,
    (scanner, window, size, start) =>
      scanner.branches(
        window,
        size,
        isStraight,
        straight.least - start,
        straight.most - start,
        slots.least - start,
        slots.most - start,
      ),
    visit,
  );
}
