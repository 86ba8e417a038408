import type { Elf } from '../../elf/model.ts';
import language from '../language.ts';

/** Some of the code comes from a language whose runtime checks bounds by itself. */
export function hasRuntime(elf: Elf): boolean {
  return language(elf).some(({ hardenedBy }) => hardenedBy === 'runtime');
}

/** The same, without C++. Its own functions need no protection; those of C do, and are looked for. */
export function isOtherRuntime(elf: Elf): boolean {
  return hasRuntime(elf) && !hasCpp(elf);
}

/** There is only a mark of such a language, and no C++. */
export function mayBeOtherRuntime(elf: Elf): boolean {
  const isUnproven = language(elf).some(({ hardenedBy }) => hardenedBy === 'unproven');
  return isUnproven && !hasRuntime(elf) && !hasCpp(elf);
}

function hasCpp(elf: Elf): boolean {
  return language(elf).some(({ name }) => name === 'c++');
}
