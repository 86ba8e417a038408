import { scanInWindows, type VisitFindings } from './scan-in-windows.ts';

/** Something that its first bytes usually identify. */
export interface Triple {
  readonly first: (byte: number) => boolean;
  readonly second: (byte: number) => boolean;
  readonly third: (byte: number) => boolean;
}

/** A bit of a byte for each. */
export const mostTriples = 8;

/** As scanInWindows, for one kind of scan. */
export type TripleScan = (bytes: Buffer, visit: VisitFindings) => void;

/**
 * Finds every place where three bytes may begin one of the triples, and some others: a table for each half of a byte
 * cannot distinguish all sets of bytes. There are zeros after the end of the bytes.
 */
export function tripleScan(triples: readonly Triple[]): TripleScan {
  // Made when the first file is searched: of nine machines most runs see one.
  let tables: Uint8Array | null = null;
  return (bytes, visit) =>
    scanInWindows(
      bytes,
      (scanner, window, size, start) => {
        tables ??= nibbleTables(triples);
        if (start === 0) scanner.tables.set(tables);
        return scanner.triples(window, size);
      },
      visit,
    );
}

/** As byte-scan.wat wants them: for each of three bytes, which triples its low and its high half allow. */
function nibbleTables(triples: readonly Triple[]): Uint8Array {
  const tables = new Uint8Array(96);
  triples.forEach(({ first, second, third }, bit) => {
    [first, second, third].forEach((allows, place) => {
      for (let byte = 0; byte < 256; byte += 1) {
        if (!allows(byte)) continue;
        for (const at of [place * 32 + (byte & 15), place * 32 + 16 + (byte >> 4)])
          tables[at] = (tables[at] ?? 0) | (1 << bit);
      }
    });
  });
  return tables;
}
