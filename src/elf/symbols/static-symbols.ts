import { MalformedElf } from '../../base/errors.ts';
import { SHT } from '../constants.ts';
import { readSectionBytes } from '../headers/sections.ts';
import type { Bytes } from '../reading/bytes.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import type { FileHeader, Section } from '../records.ts';
import { demandWholeEntries } from '../relocations/relocations.ts';
import { stringTable } from './string-table.ts';
import type { SymbolTable } from './symbol-table.ts';
import { noSymbols, readSymbols, symbolSize, unversioned } from './symbols.ts';

/** The symbols of the SHT_SYMTAB section; the gABI allows one in a file. */
export function readStaticSymbols(
  bytes: Bytes,
  header: FileHeader,
  sections: readonly Section[],
  budget: Budget,
): SymbolTable {
  const section = sections.find(({ type }) => type === SHT.SYMTAB);
  if (section === undefined) return noSymbols();
  const strings = sections[section.link];
  if (strings === undefined) {
    throw new MalformedElf(`sh_link of ${section.name} is ${section.link}, which is not a section`);
  }
  const table = readSectionBytes(bytes, section);
  demandWholeEntries(table.length, symbolSize[header.bits], section.name);
  const names = stringTable(readSectionBytes(bytes, strings), budget, strings.name);
  return readSymbols(table, header, names, unversioned, budget);
}
