import { SHN, STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { optional } from '../../elf/reading/witness.ts';
import { type SymbolTable, typeOf } from '../../elf/symbols/symbol-table.ts';

/**
 * Whether a dynamic symbol names a function, by its index. An undefined one without a type does: no library that the linker saw
 * defines it, and nothing shows that it is data. So does each one where the symbols cannot be read. They are read when they are
 * needed first.
 */
export function functionSymbols(elf: Elf): (index: number) => boolean {
  let table: SymbolTable | null | undefined;
  return (index) => {
    if (index === 0) return false;
    if (table === undefined) table = optional(() => elf.dynamicSymbolTable);
    if (table === null || index >= table.length) return true;
    const type = typeOf(table, index);
    const isUndefined = table.sections[index] === SHN.UNDEF;
    return type === STT.FUNC || type === STT.GNU_IFUNC || (type === STT.NOTYPE && isUndefined);
  };
}
