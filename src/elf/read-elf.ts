import { MalformedElf } from '../base/errors.ts';
import { decodeName } from '../base/text.ts';
import { ET, SHT } from './constants.ts';
import { readDynamic } from './dynamic/dynamic.ts';
import { dynamicTables } from './dynamic/dynamic-tables.ts';
import { readFileHeader, readSegments } from './headers/elf-header.ts';
import { readInterpreter } from './headers/read-interpreter.ts';
import { readSectionBytes, readSections } from './headers/sections.ts';
import { shiftedMap } from './memory/address-map.ts';
import { headersOfProcess, loaderDynamic, loaderHeaders, mappingOf } from './memory/loader-view.ts';
import type { Elf } from './model.ts';
import { sectionNotes, segmentNotes } from './notes/notes.ts';
import type { Bytes } from './reading/bytes.ts';
import { once } from './reading/compute-once.ts';
import { type Budget, budgetFor, type ElfLimits } from './reading/decoding-budget.ts';
import type { FileHeader, Section } from './records.ts';
import { oneByOne, type RelocationBatch } from './relocations/relocation-batch.ts';
import { demandWholeEntries, entrySizeOf, visitTable } from './relocations/relocations.ts';
import { readStaticSymbols } from './symbols/static-symbols.ts';

/**
 * An ELF file; each table is decoded when it is first used, and kept. Throws MalformedElf at once when the file
 * header cannot be read; other damage shows when its table is used.
 */
export function readElf(bytes: Bytes, limits?: ElfLimits): Elf {
  const header = readFileHeader(bytes);
  const budget = budgetFor(bytes.size, limits);
  // Relocations are not kept: each visit costs as much as the first.
  const again = () => budgetFor(bytes.size, limits);
  const segments = once(() => readSegments(bytes, header));
  const sectionTable = once(() => readSectionTable(bytes, header, budget));
  const sections = () => sectionTable().sections;
  const mapping = once(() => mappingOf(bytes, header, segments()));
  const loader = once(() => loaderHeaders(header, segments(), mapping()));
  const inProcess = once(() => headersOfProcess(header, segments(), mapping()));
  const addresses = once(() => shiftedMap(mapping().addresses, loader().shift));
  const dynamic = once(() =>
    readDynamic(
      bytes,
      header,
      loaderDynamic(header, segments(), loader(), addresses()),
      addresses(),
      budget,
    ),
  );
  const tables = once(() => dynamicTables(header, dynamic() ?? [], addresses(), budget, again));
  const staticSymbols = once(() => readStaticSymbols(bytes, header, sections(), budget));
  // Of their own: notes that exceed it must not cost the tables read after them.
  const notes = once(() =>
    segments().length > 0
      ? segmentNotes(bytes, header, segments(), sections, again())
      : sectionNotes(bytes, header, sections(), again()),
  );
  const interpreter = once(() => readInterpreter(bytes, segments()));
  const comments = once(() => readComments(bytes, sections(), budget));
  function visitBatches(visit: (batch: RelocationBatch, section: number) => void): void {
    if (header.type === ET.REL) visitSectionRelocations(bytes, header, sections(), again(), visit);
    else tables().visitRelocations(again(), (batch) => visit(batch, 0));
  }
  return {
    bytes,
    header,
    get segments() {
      return segments();
    },
    get loaderSegments() {
      return loader().segments;
    },
    get processSegments() {
      return inProcess();
    },
    get memory() {
      return mapping().memory;
    },
    get sections() {
      return sections();
    },
    get sectionDamage() {
      return sectionTable().damage;
    },
    get dynamic() {
      return dynamic();
    },
    get dynamicSymbolTable() {
      return tables().symbols();
    },
    get dynamicSymbols() {
      return tables().symbols().all();
    },
    get exportDamage() {
      return tables().exportDamage();
    },
    get staticSymbolTable() {
      return staticSymbols();
    },
    get staticSymbols() {
      return staticSymbols().all();
    },
    get notes() {
      return notes().notes;
    },
    get noteDamage() {
      return notes().damage;
    },
    get interpreter() {
      return interpreter();
    },
    get comments() {
      return comments();
    },
    get versionNeeds() {
      return tables().versionNeeds();
    },
    get versionDefinitions() {
      return tables().versionDefinitions();
    },
    dynamicValue: (tag) => tables().value(tag),
    dynamicStrings: (tag) => tables().strings(tag),
    visitBatches,
    visitRelocations(visit) {
      let section = 0;
      const each = oneByOne((relocation) => visit(relocation, section));
      visitBatches((batch, index) => {
        section = index;
        each(batch);
      });
    },
    visitSlots: (visit) => tables().visitSlots(again(), visit),
    visitRelative: (visit) => tables().visitRelative(again(), visit),
    fileOffset: (address, length) => mapping().addresses.fileOffset(address, length),
    sectionBytes: (section) => readSectionBytes(bytes, section),
  };
}

/**
 * In a linked file sections are optional evidence: an unreadable table counts as none, and its damage is reported
 * separately.
 * An ET_REL file has nothing else.
 */
function readSectionTable(bytes: Bytes, header: FileHeader, budget: Budget): SectionTable {
  try {
    return { sections: readSections(bytes, header, budget), damage: null };
  } catch (error) {
    if (!(error instanceof MalformedElf) || header.type === ET.REL) throw error;
    return { sections: [], damage: error.message };
  }
}

interface SectionTable {
  readonly sections: readonly Section[];
  readonly damage: string | null;
}

/** Compilers and linkers leave one NUL-terminated string each; the linker merges equal ones, mostly. */
function readComments(
  bytes: Bytes,
  sections: readonly Section[],
  budget: Budget,
): readonly string[] {
  const section = sections.find(({ name }) => name === '.comment');
  if (section === undefined) return [];
  const buffer = readSectionBytes(bytes, section);
  const comments = new Set<string>();
  for (let at = 0; at < buffer.length; ) {
    const found = buffer.indexOf(0, at);
    const end = found < 0 ? buffer.length : found;
    budget.spend(end - at + 64);
    if (end > at) comments.add(decodeName(buffer.subarray(at, end)));
    at = end + 1;
  }
  return [...comments];
}

/** The relocations of an ET_REL file, which has no PT_DYNAMIC to name them. */
function visitSectionRelocations(
  bytes: Bytes,
  header: FileHeader,
  sections: readonly Section[],
  // Any number of sections may name the same bytes.
  budget: Budget,
  visit: (batch: RelocationBatch, section: number) => void,
): void {
  for (const section of sections) {
    if (section.type !== SHT.REL && section.type !== SHT.RELA) continue;
    const addend = section.type === SHT.RELA;
    const table = readSectionBytes(bytes, section);
    demandWholeEntries(table.length, entrySizeOf(header, addend), section.name);
    visitTable({ bytes: table, addend }, header, header.machine, budget, (batch) =>
      visit(batch, section.info),
    );
  }
}
