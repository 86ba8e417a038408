// supporting: whether the hardening options of C compilers say anything about a file
import type { Elf } from '../elf/model.ts';
import language from './language.ts';

/**
 * The file comes from a language whose runtime checks bounds by itself, and has no C++ of its own. C parts of such a
 * file may lack protection, but nobody could tell which of its code they are.
 */
export function isOtherRuntime(elf: Elf): boolean {
  const found = language(elf);
  const ofRuntime = found.some(({ hardenedBy }) => hardenedBy === 'runtime');
  return ofRuntime && !found.some(({ name }) => name === 'c++');
}
