import { DF_1, DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { lastDynamicEntry } from './file/header-offsets.ts';

/** What the dynamic section asks of the loader beyond finding and binding libraries. */
export interface DynamicTags {
  /** Names by tag, for tags that make the loader load or consult another file. */
  readonly loads: readonly {
    readonly tag: LoadingTag;
    readonly name: string;
    readonly offset: bigint | null;
  }[];
  /** DF_1_NOOPEN (`-z nodlopen`): dlopen refuses the file. */
  readonly refusesDlopen: boolean;
  /** DT_PREINIT_ARRAY: code that runs before any constructor of a library. */
  readonly preinit: boolean;
  /** DT_SYMBOLIC or DF_SYMBOLIC. */
  readonly symbolic: boolean;
}

export type LoadingTag = 'DT_AUDIT' | 'DT_DEPAUDIT' | 'DT_FILTER' | 'DT_AUXILIARY';

export default factExtractor('tables', (elf): DynamicTags => {
  return {
    loads: [
      ...named(elf, DT.AUDIT, 'DT_AUDIT'),
      ...named(elf, DT.DEPAUDIT, 'DT_DEPAUDIT'),
      ...named(elf, DT.FILTER, 'DT_FILTER'),
      ...named(elf, DT.AUXILIARY, 'DT_AUXILIARY'),
    ],
    refusesDlopen: ((lastDynamicEntry(elf, DT.FLAGS_1)?.value ?? 0n) & BigInt(DF_1.NOOPEN)) !== 0n,
    preinit: elf.dynamicValue(DT.PREINIT_ARRAY) !== null,
    symbolic:
      elf.dynamicValue(DT.SYMBOLIC) !== null || ((elf.dynamicValue(DT.FLAGS) ?? 0n) & 2n) !== 0n,
  };
});

function named(elf: Elf, tag: number, label: LoadingTag): DynamicTags['loads'] {
  const offset = lastDynamicEntry(elf, tag)?.offset ?? null;
  return elf.dynamicStrings(tag).map((name) => ({ tag: label, name, offset }));
}
