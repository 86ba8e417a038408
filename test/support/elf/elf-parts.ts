import { DT, ET, SHT } from '../../../src/elf/constants.ts';
import { wordSize } from '../../../src/elf/reading/layout.ts';
import type { CompleteDescription } from './elf-description.ts';
import { dynamicEntries } from './elf-dynamic.ts';
import { NameTable, packWords } from './elf-encoding.ts';
import {
  type Region,
  regionOf,
  type SectionDescription,
  sectionTable,
  withStandardSections,
} from './elf-sections.ts';
import {
  gnuHash,
  noteTable,
  type RelocationDescription,
  relocationTable,
  type SymbolDescription,
  symbolTable,
  sysvHash,
} from './elf-tables.ts';
import { versionTables } from './elf-versions.ts';

/** One part of the file: its bytes, given the places of all parts. */
export interface Part {
  readonly name: string;
  make(region: (name: string) => Region): Buffer;
}

export function hasSections(elf: CompleteDescription): boolean {
  const { sections, staticSymbols, comments, type } = elf;
  return (
    type === ET.REL || [sections, staticSymbols, comments].some((given) => given !== undefined)
  );
}

/** All sections but section 0. */
export function sectionList(elf: CompleteDescription): readonly SectionDescription[] {
  return withStandardSections(describedSections(elf), new NameTable());
}

/** Everything after the headers, in file order. Parts that the description does not require are left out. */
export function elfParts(elf: CompleteDescription): readonly Part[] {
  const parts = [
    ...fixed(
      'interpreter',
      elf.interpreter === undefined ? null : Buffer.from(`${elf.interpreter}\0`),
    ),
    ...[4, 8].flatMap((alignment) => {
      const notes = elf.notes?.filter((note) => (note.alignment ?? 4) === alignment) ?? [];
      return fixed(`notes${alignment}`, notes.length === 0 ? null : noteTable(elf, notes));
    }),
    ...(elf.isDynamic ? loaderTables(elf) : []),
    ...fixed('code', elf.code),
    ...(elf.isDynamic ? dynamicParts(elf) : []),
    ...(hasSections(elf) ? sectionParts(elf) : []),
  ];
  return parts;
}

/** The tables that a loader reads, and that do not change. */
function loaderTables(elf: CompleteDescription): readonly Part[] {
  const symbols = orderedSymbols(elf);
  const exports = symbols.filter(({ defined }) => defined === true).map(({ name }) => name);
  const names = new NameTable();
  const table = symbolTable(elf, symbols, names);
  const versions = versionTables(elf, symbols, names);
  for (const name of dynamicNames(elf)) names.offsetOf(name);
  const withSysv = elf.hash === 'sysv' || elf.hash === 'both';
  const withGnu = elf.hash === 'gnu' || elf.hash === 'both';
  return [
    ...fixed('symbols', table),
    ...fixed('strings', names.bytes),
    ...fixed('hash', withSysv ? sysvHash(elf, elf.machine, symbols.length + 1) : null),
    ...fixed(
      'gnu hash',
      withGnu ? gnuHash(elf, exports, symbols.length - exports.length + 1) : null,
    ),
    ...fixed('versym', versions.versym),
    ...fixed('version needs', versions.needs),
    ...fixed('version definitions', versions.definitions),
    ...relocationPart('relocations', elf, (relocation) => relocation.plt !== true, symbols),
    ...relocationPart('plt relocations', elf, (relocation) => relocation.plt === true, symbols),
    ...fixed('relr', elf.relr === undefined ? null : packWords(elf, elf.relr)),
  ];
}

function dynamicParts(elf: CompleteDescription): readonly Part[] {
  return [
    {
      name: 'dynamic',
      make(region) {
        const entries = [...dynamicEntries(elf, namesOf(elf), region), ...(elf.dynamic ?? [])];
        return packWords(elf, [...entries, [DT.NULL, 0] as const].flat());
      },
    },
    ...fixed('data', Buffer.alloc(elf.dataWords * wordSize(elf))),
  ];
}

/** The same name table as in `strings`, to look offsets up. */
function namesOf(elf: CompleteDescription): NameTable {
  const names = new NameTable();
  const symbols = orderedSymbols(elf);
  symbolTable(elf, symbols, names);
  versionTables(elf, symbols, names);
  for (const name of dynamicNames(elf)) names.offsetOf(name);
  return names;
}

function dynamicNames(elf: CompleteDescription): readonly string[] {
  const single = [elf.soname, elf.rpath, elf.runpath].filter((name) => name !== undefined);
  return [...(elf.needed ?? []), ...single];
}

function orderedSymbols({ symbols = [] }: CompleteDescription): readonly SymbolDescription[] {
  const imports = symbols.filter(({ defined }) => defined !== true);
  return [...imports, ...symbols.filter(({ defined }) => defined === true)];
}

function relocationPart(
  name: string,
  elf: CompleteDescription,
  wanted: (relocation: RelocationDescription) => boolean,
  symbols: readonly SymbolDescription[],
): readonly Part[] {
  const relocations = elf.relocations?.filter(wanted) ?? [];
  if (relocations.length === 0) return [];
  return [
    {
      name,
      make(region) {
        const data = region('data').address;
        const placed = relocations.map(({ at, type, symbol }) => ({
          offset: typeof at === 'object' ? data + BigInt(at.word * wordSize(elf)) : BigInt(at),
          type,
          symbol: symbol === undefined ? 0 : 1 + symbols.findIndex((each) => each.name === symbol),
        }));
        return relocationTable(elf, elf.machine, elf.addends, placed);
      },
    },
  ];
}

function sectionParts(elf: CompleteDescription): readonly Part[] {
  const sections = sectionList(elf);
  const names = new NameTable();
  for (const { name } of sections) names.offsetOf(name);
  return [
    ...(elf.type === ET.REL
      ? relocationPart('relocations', elf, () => true, elf.staticSymbols ?? [])
      : []),
    ...sections.flatMap((section) =>
      Buffer.isBuffer(section.content) ? fixed(regionOf(section), section.content) : [],
    ),
    { name: 'section headers', make: (region) => sectionTable(elf, sections, names, region) },
  ];
}

function describedSections(elf: CompleteDescription): readonly SectionDescription[] {
  const names = new NameTable();
  const symbols = symbolTable(elf, elf.staticSymbols ?? [], names);
  const isObject = elf.type === ET.REL;
  const comments = elf.comments?.map((comment) => `${comment}\0`).join('');
  const relocations = { region: 'relocations' };
  return [
    ...(elf.staticSymbols === undefined && !isObject
      ? []
      : [
          { name: '.symtab', type: SHT.SYMTAB, content: symbols, link: '.strtab' },
          { name: '.strtab', type: SHT.STRTAB, content: names.bytes },
        ]),
    ...(isObject && elf.relocations !== undefined
      ? [
          {
            name: '.rel.text',
            type: elf.addends ? SHT.RELA : SHT.REL,
            content: relocations,
            link: '.symtab',
            info: 1,
          },
        ]
      : []),
    ...(isObject && elf.notes !== undefined
      ? [{ name: '.note', type: SHT.NOTE, content: { region: 'notes4' }, alignment: 4 }]
      : []),
    ...(comments === undefined ? [] : [{ name: '.comment', content: Buffer.from(comments) }]),
    ...(elf.sections ?? []),
  ];
}

function fixed(name: string, bytes: Buffer | null): readonly Part[] {
  return bytes === null || bytes.length === 0 ? [] : [{ name, make: () => bytes }];
}
