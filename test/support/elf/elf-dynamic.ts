import { DT } from '../../../src/elf/constants.ts';
import { entrySizeOf } from '../../../src/elf/relocations/relocations.ts';
import { symbolSize } from '../../../src/elf/symbols/symbols.ts';
import type { CompleteDescription } from './elf-description.ts';
import type { NameTable } from './elf-encoding.ts';
import type { Region } from './elf-sections.ts';

type Entry = readonly [tag: number, value: number | bigint];

/** The dynamic entries that lead to the tables of the file; a table that is not there has none. */
export function dynamicEntries(
  elf: CompleteDescription,
  names: NameTable,
  region: (name: string) => Region,
): readonly Entry[] {
  const named = (tag: number, name: string | undefined): readonly Entry[] =>
    name === undefined ? [] : [[tag, names.offsetOf(name)]];
  const at = (name: string, ...entries: readonly Entry[]): readonly Entry[] =>
    hasPart(elf, name) ? entries : [];
  const { address: relocations, size: relocationSize } = region('relocations');
  const { address: slots, size: slotSize } = region('plt relocations');
  const table = elf.addends ? DT.RELA : DT.REL;
  const [sizeTag, entryTag] = elf.addends ? [DT.RELASZ, DT.RELAENT] : [DT.RELSZ, DT.RELENT];
  return [
    ...(elf.needed ?? []).flatMap((name) => named(DT.NEEDED, name)),
    ...named(DT.SONAME, elf.soname),
    ...named(DT.RPATH, elf.rpath),
    ...named(DT.RUNPATH, elf.runpath),
    ...at('hash', [DT.HASH, region('hash').address]),
    ...at('gnu hash', [DT.GNU_HASH, region('gnu hash').address]),
    [DT.STRTAB, region('strings').address],
    [DT.SYMTAB, region('symbols').address],
    [DT.STRSZ, region('strings').size],
    [DT.SYMENT, symbolSize[elf.bits]],
    ...at('plt relocations', [DT.PLTRELSZ, slotSize], [DT.PLTREL, table], [DT.JMPREL, slots]),
    ...at('relocations', [table, relocations], [sizeTag, relocationSize]),
    ...at('relocations', [entryTag, entrySizeOf(elf, elf.addends)]),
    ...at('relr', [DT.RELR, region('relr').address], [DT.RELRSZ, region('relr').size]),
    ...at('versions', [DT.VERSYM, region('versym').address]),
    ...at('version needs', [DT.VERNEED, region('version needs').address]),
    ...at('version definitions', [DT.VERDEF, region('version definitions').address]),
  ];
}

/** Decided from the description alone: the number of entries must be known before any place is. */
function hasPart(elf: CompleteDescription, name: string): boolean {
  const { hash, relocations = [], symbols = [] } = elf;
  const versions = symbols.filter(({ version }) => version !== undefined);
  const answers: Readonly<Record<string, boolean>> = {
    hash: hash === 'sysv' || hash === 'both',
    'gnu hash': hash === 'gnu' || hash === 'both',
    relocations: relocations.some(({ plt }) => plt !== true),
    'plt relocations': relocations.some(({ plt }) => plt === true),
    relr: elf.relr !== undefined,
    versions: versions.length > 0,
    'version needs': versions.some(({ library }) => library !== undefined),
    'version definitions': versions.some(({ library }) => library === undefined),
  };
  return answers[name] === true;
}
