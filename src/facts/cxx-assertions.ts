import type { Evidence } from '../base/verdict.ts';
import { DT, PF, PT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import language from './language.ts';
import { packedBy } from './packer.ts';
import { findConstant } from './search/byte-marks.ts';
import {
  assertionTexts,
  type CxxText,
  growthTexts,
  hardeningText,
  libcxxType,
  libcxxTypeOfAndroid,
  stringText,
  textsOfLibstdcxx,
} from './search/cxx-texts.ts';
import { dynamicNames } from './search/dynamic-names.ts';
import { staticNames } from './search/static-names.ts';

/** What the code of C++ containers in a file shows of the checks that their library can make. */
export interface CxxAssertions {
  /** null: no mark of either was found. */
  readonly library: 'libstdc++' | 'libc++' | null;
  /** This file is that library. */
  readonly isItself: boolean;
  /** Assertions that are there. */
  readonly checks: readonly Evidence[];
  /** Functions of growing containers that were compiled into the file, by their texts; not those that a static libstdc++ brings. */
  readonly growth: readonly string[];
  /** Bytes of executable segments in the file; null where the C++ library was linked into it, whose code is among them. */
  readonly codeSize: number | null;
}

const assertionFailed = '_ZSt21__glibcxx_assert_failPKciS0_S0_';
const failedInTable = staticNames([assertionFailed]);
const names = dynamicNames([assertionFailed]);

/** null: not C++, or packed. */
export default factExtractor('code', (elf): CxxAssertions | null => {
  if (packedBy(elf) !== null || !language(elf).some(({ name }) => name === 'c++')) return null;
  const needed = neededLibrary(elf);
  const growth = growthTexts.filter(({ constant }) => findConstant(elf, constant) !== null);
  const library = needed ?? linkedLibrary(elf, growth);
  return {
    library,
    isItself: /^lib(std)?c\+\+/.test(optional(() => elf.dynamicStrings(DT.SONAME))?.[0] ?? ''),
    checks: checksOf(elf, library),
    growth: growth
      .map(({ text }) => text)
      .filter((text) => needed !== null || !textsOfLibstdcxx.includes(text)),
    codeSize: needed === null ? null : codeSizeOf(elf),
  };
});

function codeSizeOf({ segments }: Elf): number {
  return segments
    .filter(({ type, flags }) => type === PT.LOAD && (flags & PF.X) !== 0)
    .reduce((sum, { fileSize }) => sum + Number(fileSize), 0);
}

function neededLibrary(elf: Elf): 'libstdc++' | 'libc++' | null {
  const needed = optional(() => elf.dynamicStrings(DT.NEEDED)) ?? [];
  if (needed.some((name) => /^libstdc\+\+\.so/.test(name))) return 'libstdc++';
  return needed.some((name) => /^libc\+\+(_shared)?\.so/.test(name)) ? 'libc++' : null;
}

/** That of a file which needs neither: the library was linked into it. */
function linkedLibrary(elf: Elf, growth: readonly CxxText[]): CxxAssertions['library'] {
  const isLibcxx = [libcxxType, libcxxTypeOfAndroid].some(
    (type) => findConstant(elf, type) !== null,
  );
  if (isLibcxx) return 'libc++';
  return growth.length > 0 || findConstant(elf, stringText.constant) !== null ? 'libstdc++' : null;
}

function checksOf(elf: Elf, library: CxxAssertions['library']): readonly Evidence[] {
  if (library === 'libc++') return textsIn(elf, [hardeningText]);
  const imported = names.allIn(elf).map((saw) => ({ what: 'dynamic symbol', saw }));
  const listed = failedInTable.firstIn(elf);
  const inTable = listed === null ? [] : [{ what: '.symtab', saw: listed }];
  return [...imported, ...inTable, ...textsIn(elf, assertionTexts)];
}

function textsIn(elf: Elf, texts: readonly CxxText[]): readonly Evidence[] {
  return texts.flatMap(({ text, constant }): Evidence[] => {
    const found = findConstant(elf, constant);
    if (found === null) return [];
    const saw = constant === hardeningText.constant ? found.match[0].slice(2) : text;
    return [{ what: 'string constant', saw, offset: BigInt(found.offset) }];
  });
}
