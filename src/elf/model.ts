import type { MappedPiece } from './memory/memory-map.ts';
import type { Bytes } from './reading/bytes.ts';
import type {
  DynamicEntry,
  ElfSymbol,
  FileHeader,
  Note,
  NoteDamage,
  Relocation,
  Section,
  Segment,
  VersionNeed,
} from './records.ts';
import type { RelocationBatch, VisitBatch } from './relocations/relocation-batch.ts';
import type { SymbolTable } from './symbols/symbol-table.ts';

/**
 * An ELF file as the ELF gABI describes it, with one property per table. Each table is read when it is first used,
 * through program headers wherever the loader would (PT_DYNAMIC, addresses through PT_LOAD), and throws
 * MalformedElf when it is damaged and LimitExceeded when it is larger than its budget. Tables never come back
 * shortened: a missing part is an error, not an empty table.
 */
export interface Elf {
  readonly bytes: Bytes;
  readonly header: FileHeader;
  readonly segments: readonly Segment[];
  /** The program headers as a dynamic loader sees them: those of a program are read from memory, where others may lie. */
  readonly loaderSegments: readonly Segment[];
  /** The same of static programs too, whose own start code reads them. `segments` itself where memory has the same. */
  readonly processSegments: readonly Segment[];
  /** What is mapped where, sorted; addresses without what the kernel draws at start. Throws LimitExceeded for absurd tables. */
  readonly memory: readonly MappedPiece[];
  /** [] when there is no section header table. Optional evidence: it can be stripped or forged. */
  readonly sections: readonly Section[];
  /** Why the section header table of a linked file cannot be read (`sections` is then []); null when it can or is absent. */
  readonly sectionDamage: string | null;
  /** Entries before DT_NULL, from PT_DYNAMIC; null when there is none, or none of its bytes (debug-only files). */
  readonly dynamic: readonly DynamicEntry[] | null;
  /**
   * Counted by DT_HASH, DT_GNU_HASH, DT_MIPS_SYMTABNO and relocations; throws when none of them gives it. Empty without
   * DT_SYMTAB.
   */
  readonly dynamicSymbolTable: SymbolTable;
  /** The same as objects, without index 0: for callers that read few files. */
  readonly dynamicSymbols: readonly ElfSymbol[];
  /**
   * Why definitions may be missing among `dynamicSymbols`: no table that counts all of them could be read. Imports are
   * complete anyway, since relocations name them. null: nothing is missing.
   */
  readonly exportDamage: string | null;
  /** `.symtab`; empty when stripped. */
  readonly staticSymbolTable: SymbolTable;
  /** The same as objects, without index 0. */
  readonly staticSymbols: readonly ElfSymbol[];
  /**
   * All notes of PT_NOTE segments, or of SHT_NOTE sections where there are no segments. Optional evidence: what does not parse
   * ends its own table, stands in `noteDamage`, and throws nothing.
   */
  readonly notes: readonly Note[];
  readonly noteDamage: readonly NoteDamage[];
  /** PT_INTERP without its NUL; null when there is none, or none of its bytes (debug-only files). */
  readonly interpreter: string | null;
  /** Distinct NUL-terminated strings of `.comment`, in order; [] when absent. */
  readonly comments: readonly string[];
  /** Version needs (DT_VERNEED): the library and the version names required of it. */
  readonly versionNeeds: readonly VersionNeed[];
  /** Version definitions (DT_VERDEF), names only, without the base definition, which names the file itself. */
  readonly versionDefinitions: readonly string[];
  /** Last value of a dynamic tag, or null. */
  dynamicValue(tag: number): bigint | null;
  /** All strings of a dynamic tag whose values are offsets in DT_STRTAB (DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH ...). */
  dynamicStrings(tag: number): readonly string[];
  /**
   * Every relocation that the loader processes (DT_REL, DT_RELA, DT_JMPREL; Android's packed ones; DT_RELR as the
   * machine's RELATIVE type),
   * or those of SHT_REL/SHT_RELA sections in an ET_REL file. Duplicate tables (DT_JMPREL inside DT_RELA) are visited once.
   * `section` is the index of the section that an ET_REL file's relocation changes, else 0.
   */
  visitRelocations(visit: (relocation: Relocation, section: number) => void): void;
  /** The same in columns: for facts of every file. */
  visitBatches(visit: (batch: RelocationBatch, section: number) => void): void;
  /** Those of DT_JMPREL alone, whatever the other tables are: the slots that a loader may bind at the first call. */
  visitSlots(visit: VisitBatch): void;
  /** The same of DT_RELR alone, which older loaders pass over. */
  visitRelative(visit: VisitBatch): void;
  /** File offset of a virtual address where `length` bytes of the file lie in memory, one after the other; null where they do not. */
  fileOffset(address: bigint, length: number): number | null;
  /** Section bytes; SHT_NOBITS gives an empty buffer; SHF_COMPRESSED ones come as stored. */
  sectionBytes(section: Section): Buffer;
}
