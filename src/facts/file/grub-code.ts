import type { Evidence } from '../../base/verdict.ts';
import { SHF, SHN } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/** GRUB's own loader finds a module's name and needs in sections of these names, and kernel.img is linked as a module is. */
const sectionOfModules = '.module_license';
/** What compilers and linkers name by themselves, and the numbers of libgcrypt, which some modules call often. */
const ofCompilers =
  /^(_GLOBAL_OFFSET_TABLE_|__[a-z0-9_]+|_start|mem(cpy|move|set|cmp)|gcry_mpi_[a-z_]+|)$/;

/** GRUB's own names, and those of its part of libgcrypt. */
const ofModules = /^(grub|_gcry)_/;
/** Modules take a few functions of other modules, libgcrypt and zstd among them, for each that many names of GRUB. */
const fewOthers = 2;

/**
 * A module of GRUB, or its kernel before it is put into an image (grub-core/kern/dl.c). A section alone proves nothing: the file
 * takes what it does not bring from GRUB, so no program is linked from it. null for any other object file.
 */
export function grubEvidence(elf: Elf): Evidence | null {
  const license = elf.sections.find(({ name }) => name === sectionOfModules);
  if (license === undefined) return null;
  const table = elf.staticSymbolTable;
  let ofGrub = 0;
  let ofOthers = 0;
  for (let index = 1; index < table.length; index += 1) {
    const name = table.name(index);
    if (ofModules.test(name)) ofGrub += 1;
    else if (table.sections[index] === SHN.UNDEF && !ofCompilers.test(name)) ofOthers += 1;
  }
  if (ofOthers > 0 && ofOthers * fewOthers > ofGrub) return null;
  // Some modules only name others.
  const hasCode = elf.sections.some(
    ({ flags, size }) => (flags & SHF.EXECINSTR) !== 0n && size > 0n,
  );
  if (ofGrub === 0 && hasCode) return null;
  return { what: 'section', saw: sectionOfModules, offset: license.offset };
}
