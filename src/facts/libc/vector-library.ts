import { SHN, STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { optional } from '../../elf/reading/witness.ts';
import { typeOf } from '../../elf/symbols/symbol-table.ts';
import kind from '../kind.ts';

/** Vector ABI: machine's set, masked or not, lanes, then a vector or a pointer for each parameter, and the scalar function. */
const vectorName = /^_ZGV[a-z]+[MN](\d+|x)(v|l\d*)+_[a-z]\w*$/;

/** The first release had 60 of them. */
const leastFunctions = 40;

/**
 * All code of glibc's libmvec is written in assembly (sysdeps/x86_64/fpu, sysdeps/aarch64/fpu: wrappers of scalar calls):
 * no compiler could add canaries. It is known by offering vector functions and nothing else.
 */
export function isVectorLibrary(elf: Elf): boolean {
  if (kind(elf).kind !== 'shared-library') return false;
  const table = optional(() => elf.dynamicSymbolTable);
  if (table === null) return false;
  const { length, sections } = table;
  let count = 0;
  for (let index = 1; index < length; index += 1) {
    const type = typeOf(table, index);
    const isFunction = type === STT.FUNC || type === STT.GNU_IFUNC;
    if (!isFunction || sections[index] === SHN.UNDEF) continue;
    // Most libraries end this at their first function.
    if (!vectorName.test(table.name(index))) return false;
    count += 1;
  }
  return count >= leastFunctions;
}
