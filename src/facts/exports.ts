import { SHN, STB, STT, STV } from '../elf/constants.ts';
import { bindingOf, typeOf } from '../elf/symbols/symbol-table.ts';
import { factExtractor } from './fact-extractor.ts';
import { versioned } from './imports.ts';
import { relocationUses } from './link-tables/relocation-uses.ts';
import linking from './linking.ts';
import { demandExports } from './search/symbol-names.ts';

/**
 * Dynamic symbols that others can link with, sorted: `frob`, or `frob@LIBFOO_1.0` with its version. Not among them is what the linker
 * makes of other files: copies of their data, and the symbols that stand for versions. [] of what is not linked dynamically.
 */
export default factExtractor('tables', (elf): readonly string[] => {
  if (linking(elf).how !== 'dynamic') return [];
  demandExports(elf);
  const table = elf.dynamicSymbolTable;
  const { copies } = relocationUses(elf);
  const versions = new Set(elf.versionDefinitions);
  const names = new Set<string>();
  for (let index = 1; index < table.length; index += 1) {
    const section = table.sections[index];
    if (section === SHN.UNDEF || table.nameStarts[index] === table.nameEnds[index]) continue;
    if (bindingOf(table, index) === STB.LOCAL || isHidden(table.visibilities[index] ?? 0)) continue;
    const type = typeOf(table, index);
    if (type === STT.SECTION || type === STT.FILE || copies[index] === 1) continue;
    if (section === SHN.ABS && versions.has(table.name(index))) continue;
    names.add(versioned(table, index));
  }
  return [...names].toSorted();
});

/** No other file finds them. */
function isHidden(visibility: number): boolean {
  return visibility === STV.INTERNAL || visibility === STV.HIDDEN;
}
