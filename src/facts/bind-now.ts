import type { Evidence } from '../base/verdict.ts';
import { DF, DF_1, DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { relocationTypes } from '../elf/relocations/relocation-types.ts';
import { factExtractor } from './fact-extractor.ts';
import { evidence, hex, lastDynamicEntry } from './file/header-offsets.ts';
import { mappedPlaces, unmappedRelocation } from './link-tables/address-ranges.ts';
import { mipsLazyStubs } from './link-tables/mips-got.ts';

/** Whether every function is bound before the program runs. */
export interface BindNow {
  /** Each spelling of the request that the file carries: DT_BIND_NOW, DF_BIND_NOW, DF_1_NOW. [] when it makes none. */
  readonly requests: readonly Evidence[];
  /**
   * Functions left to be bound at their first call if it is not requested. null: not known on this machine, or not readable
   * where a request settles the question.
   */
  readonly lazySlots: number | null;
}

export default factExtractor('tables', (elf): BindNow => {
  const asked = requests(elf);
  const slots = () => lazySlots(elf);
  return { requests: asked, lazySlots: asked.length > 0 ? optional(slots) : slots() };
});

/** Those of DT_JMPREL, which a loader alone may put off, and MIPS's stubs. */
function lazySlots(elf: Elf): number | null {
  const types = relocationTypes(elf.header.machine);
  if (types === null) return null;
  let slots = mipsLazyStubs(elf);
  const isMapped = mappedPlaces(elf);
  elf.visitSlots((batch) => {
    for (let index = 0; index < batch.count; index += 1) {
      const type = batch.types[index];
      if (type === 0) continue;
      if (!isMapped(batch, index)) throw unmappedRelocation(batch.offset(index));
      if (type === types.jumpSlot) slots += 1;
    }
  });
  return slots;
}

function requests(elf: Elf): readonly Evidence[] {
  const tag = lastDynamicEntry(elf, DT.BIND_NOW);
  return [
    ...(tag === null ? [] : [evidence('dynamic tag', 'DT_BIND_NOW', tag.offset)]),
    ...flag(elf, DT.FLAGS, BigInt(DF.BIND_NOW), 'DT_FLAGS', 'DF_BIND_NOW'),
    ...flag(elf, DT.FLAGS_1, BigInt(DF_1.NOW), 'DT_FLAGS_1', 'DF_1_NOW'),
  ];
}

function flag(elf: Elf, tag: number, bit: bigint, what: string, name: string): Evidence[] {
  const entry = lastDynamicEntry(elf, tag);
  if (entry === null || (entry.value & bit) === 0n) return [];
  return [evidence(what, `${hex(entry.value)} (${name})`, entry.offset)];
}
