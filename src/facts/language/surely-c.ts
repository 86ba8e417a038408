import { SHN, STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { optional } from '../../elf/reading/witness.ts';
import language from '../language.ts';
import { undefinedNames } from '../search/symbol-names.ts';
import { isCalledByC, isOfRuntimeCgo } from './c-names.ts';
import { namesItsCode } from './described-code.ts';
import { languageMarks } from './language-marks.ts';

/**
 * For files whose language is shown only by a mark, also on machines where calls or frames do not show the compiler of
 * a function: the file imports functions that only C code calls, or its own symbols name the code and no name belongs
 * to that language.
 */
export function isSurelyC(elf: Elf): boolean {
  return asksForFunctionsOfC(elf) || (optional(() => isNamedAsC(elf)) ?? false);
}

function asksForFunctionsOfC(elf: Elf): boolean {
  const isGo = language(elf).some(({ name }) => name === 'go');
  return [...undefinedNames(elf)].some(
    (name) => isCalledByC(name) && !(isGo && isOfRuntimeCgo(name)),
  );
}

/** Go's linker writes names of packages. */
const ofGo = /^(runtime|main|internal\/\w+|go:)\./;

function isNamedAsC(elf: Elf): boolean {
  if (!namesItsCode(elf)) return false;
  const unproven = language(elf).filter(({ hardenedBy }) => hardenedBy === 'unproven');
  const forms = unproven.map(({ name }) =>
    name === 'go' ? ofGo : languageMarks.find((marks) => marks.name === name)?.names,
  );
  // Without a form for each of them nothing speaks against it.
  const known = forms.filter((form) => form !== undefined);
  if (known.length < forms.length) return false;
  return !elf.staticSymbols.some(
    ({ type, sectionIndex, name }) =>
      type === STT.FUNC && sectionIndex !== SHN.UNDEF && known.some((form) => form.test(name)),
  );
}
