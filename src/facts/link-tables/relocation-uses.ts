import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { optional } from '../../elf/reading/witness.ts';
import { relocationTypes } from '../../elf/relocations/relocation-types.ts';

/** How relocations use a symbol: not at all, JUMP_SLOT alone, GLOB_DAT too, or in any other way. */
export const USE = { none: 0, call: 1, slot: 2, other: 3 } as const;

export interface RelocationUses {
  /** USE.* of each dynamic symbol. */
  readonly symbols: Uint8Array;
  /** 1 where a COPY relocation names the symbol. */
  readonly copies: Uint8Array;
  /** There are IRELATIVE ones. */
  readonly indirect: boolean;
  /** R_*_NONE is not among them. */
  readonly types: ReadonlySet<number>;
}

/** Throws MalformedElf where relocations cannot be read. Symbols that cannot be read have no uses. */
export const relocationUses = perFile((elf: Elf): RelocationUses => {
  const known = relocationTypes(elf.header.machine);
  const count = optional(() => elf.dynamicSymbolTable.length) ?? 0;
  const uses = new Uint8Array(count);
  const copies = new Uint8Array(count);
  const used = new Set<number>();
  let indirect = false;
  let last = 0;
  elf.visitBatches((batch) => {
    const { types, symbols } = batch;
    for (let index = 0; index < batch.count; index += 1) {
      const type = types[index] ?? 0;
      // Those of one type follow each other.
      if (type !== last) {
        if (type !== 0) used.add(type);
        if (type === known?.irelative) indirect = true;
        last = type;
      }
      const symbol = symbols[index] ?? 0;
      if (symbol === 0 || symbol >= count) continue;
      const use =
        type === known?.jumpSlot ? USE.call : type === known?.globDat ? USE.slot : USE.other;
      if (use > (uses[symbol] ?? 0)) uses[symbol] = use;
      if (type === known?.copy) copies[symbol] = 1;
    }
  });
  return { symbols: uses, copies, indirect, types: used };
});
