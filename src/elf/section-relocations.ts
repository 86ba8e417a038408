import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import { SHT } from './constants.ts';
import type { FileHeader, Section } from './records.ts';
import type { RelocationBatch } from './relocation-batch.ts';
import { demandWholeEntries, entrySizeOf, visitTable } from './relocations.ts';
import { readSectionBytes } from './sections.ts';

/** The relocations of an ET_REL file, which has no PT_DYNAMIC to name them. */
export function visitSectionRelocations(
  bytes: Bytes,
  header: FileHeader,
  sections: readonly Section[],
  // Any number of sections may name the same bytes.
  budget: Budget,
  visit: (batch: RelocationBatch, section: number) => void,
): void {
  for (const section of sections) {
    if (section.type !== SHT.REL && section.type !== SHT.RELA) continue;
    const addend = section.type === SHT.RELA;
    const table = readSectionBytes(bytes, section);
    demandWholeEntries(table.length, entrySizeOf(header, addend), section.name);
    visitTable({ bytes: table, addend }, header, header.machine, budget, (batch) =>
      visit(batch, section.info),
    );
  }
}
