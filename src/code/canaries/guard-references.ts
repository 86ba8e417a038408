import { ET, SHN } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { objectCode } from '../functions/object-code.ts';

/** What only code with canaries refers to: the function that a failed check calls, and the guard where it is a variable. */
const guardNames: ReadonlySet<string> = new Set([
  '__stack_chk_fail',
  '__stack_chk_fail_local',
  '__stack_chk_guard',
  '__stack_smash_handler',
]);

/**
 * File offsets in the code of an ET_REL file where the linker fills in the guard or what a failed check calls, ascending.
 * They show which functions have a canary on every machine and for every compiler. [] for linked files.
 */
export function guardReferences(elf: Elf): readonly number[] {
  if (elf.header.type !== ET.REL) return [];
  const guards = new Set<number>();
  // A file that defines them sets the guard up, which is not a use of it.
  for (const { index, name, sectionIndex } of elf.staticSymbols) {
    if (sectionIndex === SHN.UNDEF && guardNames.has(name)) guards.add(index);
  }
  if (guards.size === 0) return [];
  const codeOf = objectCode(elf);
  const offsets: number[] = [];
  elf.visitRelocations((relocation, section) => {
    if (!guards.has(relocation.symbol)) return;
    const code = codeOf.get(section);
    if (code !== undefined && relocation.place < code.size)
      offsets.push(code.offset + relocation.place);
  });
  return offsets.sort((a, b) => a - b);
}
