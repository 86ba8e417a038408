import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import needed from './needed.ts';
import { packedBy } from './packer.ts';
import { constantRanges, placesOfText, type Range } from './search/byte-search.ts';
import { undefinedNames } from './search/symbol-names.ts';
import soname from './soname.ts';

/** Libraries that the file may open while it runs, which no header names. */
export interface OpenedNames {
  /** It calls `dlopen` or `dlmopen` of its C library. A static program does not show that. */
  readonly opens: boolean;
  /** Names of libraries among its constants that it does not need from the start, sorted; the first ones where there are very many. */
  readonly names: readonly string[];
}

const ending = Buffer.from('.so');
const mostPlaces = 10_000;
const mostNames = 200;
const longestName = 120;

/** A whole constant that is the name or path of a library. */
const libraryName = /^[\w./+@~$-]{0,100}[\w+@~$-]\.so(\.\d{1,5}){0,3}$/;

export default factExtractor('code', (elf): OpenedNames => {
  const imports = undefinedNames(elf);
  const opens = imports.has('dlopen') || imports.has('dlmopen');
  if (!opens || packedBy(elf) !== null) return { opens, names: [] };
  const names = new Set(constantRanges(elf).flatMap((range) => namesIn(elf, range)));
  for (const name of [...needed(elf), elf.interpreter, soname(elf)])
    if (name !== null) names.delete(name);
  return { opens, names: [...names].toSorted().slice(0, mostNames) };
});

function namesIn({ bytes }: Elf, range: Range): readonly string[] {
  return placesOfText(bytes, ending, range, mostPlaces).flatMap((at): string[] => {
    const from = Math.max(range.start, at - longestName);
    const around = bytes.read(from, Math.min(bytes.size, at + longestName) - from);
    const first = around.lastIndexOf(0, at - from) + 1;
    const last = around.indexOf(0, at - from);
    const text = last === -1 ? '' : around.toString('latin1', first, last);
    return libraryName.test(text) ? [text] : [];
  });
}
