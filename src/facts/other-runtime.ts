// supporting: whether the hardening options of C compilers say anything about a file
import type { Elf } from '../elf/model.ts';
import language from './language.ts';

/** Some of the code comes from a language whose runtime checks bounds by itself. */
export function hasRuntime(elf: Elf): boolean {
  return language(elf).some(({ hardenedBy }) => hardenedBy === 'runtime');
}

/**
 * The same, and there is no C++ beside it. C parts of such a file may lack protection, but nobody could tell which of
 * its code they are.
 */
export function isOtherRuntime(elf: Elf): boolean {
  return hasRuntime(elf) && !language(elf).some(({ name }) => name === 'c++');
}
