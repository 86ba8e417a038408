// supporting: whether a file has tables of functions though the loader writes none
import { DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import libc from './libc.ts';

/** What linkers put into PT_GNU_RELRO of a static program: tables that are called through or hold addresses. */
const tableNames = /^\.(preinit_array|init_array|fini_array|ctors|dtors|data\.rel\.ro|got)(\.|$)/;

/**
 * Tables of constructors, destructors and other addresses, which RELRO is for even where nothing is bound at start. A
 * libc's start files always bring some. null: a static file without libc and without section headers does not tell.
 */
export function hasFunctionTables(elf: Elf): boolean | null {
  if (elf.dynamic !== null) {
    return [DT.INIT_ARRAY, DT.FINI_ARRAY, DT.PREINIT_ARRAY].some(
      (tag) => elf.dynamicValue(tag) !== null,
    );
  }
  if (elf.sections.some(({ name, size }) => size > 0n && tableNames.test(name))) return true;
  const { name } = libc(elf);
  if (name !== 'none' && name !== 'unknown') return true;
  return elf.sections.length > 0 ? false : null;
}
