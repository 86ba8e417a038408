export interface FileHeader {
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  /** EI_OSABI, raw. */
  readonly osAbi: number;
  readonly abiVersion: number;
  /** e_type, raw. */
  readonly type: number;
  /** e_machine; of several numbers for one machine the usual one. Names: constants.ts. */
  readonly machine: number;
  readonly version: number;
  readonly entry: bigint;
  readonly programHeaderOffset: bigint;
  readonly sectionHeaderOffset: bigint;
  readonly flags: number;
  /** Resolved through section 0 when e_phnum is PN_XNUM. */
  readonly programHeaderCount: number;
  readonly programHeaderSize: number;
  readonly sectionHeaderCount: number;
  readonly sectionHeaderSize: number;
  readonly sectionNameIndex: number;
}

export interface Segment {
  readonly index: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly address: bigint;
  readonly physicalAddress: bigint;
  readonly fileSize: bigint;
  readonly memorySize: bigint;
  readonly alignment: bigint;
}

export interface Section {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: bigint;
  readonly address: bigint;
  readonly offset: bigint;
  readonly size: bigint;
  readonly link: number;
  readonly info: number;
  readonly alignment: bigint;
  readonly entrySize: bigint;
}

export interface DynamicEntry {
  /** Sign-extended as the gABI's Elf64_Sxword; OS- and processor-specific tags keep their usual positive values. */
  readonly tag: number;
  readonly value: bigint;
}

export interface ElfSymbol {
  readonly index: number;
  readonly name: string;
  readonly value: bigint;
  /** Whether `value` is not 0, without making a bigint, since every symbol is checked. */
  readonly hasValue: boolean;
  readonly size: bigint;
  /** STT_*: st_info & 15. */
  readonly type: number;
  /** STB_*: st_info >> 4. */
  readonly binding: number;
  /** STV_*: st_other & 3. */
  readonly visibility: number;
  /** SHN_*: 0 is undefined. Extended indexes (SHN_XINDEX) stay 0xffff. */
  readonly sectionIndex: number;
  /**
   * Version by DT_VERSYM: null when unversioned. Throws MalformedElf where the versions are damaged, which costs nobody
   * else.
   */
  readonly version: SymbolVersion | null;
}

export interface SymbolVersion {
  readonly name: string;
  /** It is asked of this library; null: it is defined here. */
  readonly library: string | null;
  /** Only imports of this very version find the symbol: it is not the default one. */
  readonly isHidden: boolean;
}

export interface VersionNeed {
  readonly library: string;
  readonly versions: readonly { readonly name: string; readonly weak: boolean }[];
}

/** Only valid during its visit: a library has a hundred thousand. */
export interface Relocation {
  /** r_offset: a virtual address (ET_REL: offset in the section). */
  readonly offset: bigint;
  /** The same, exact below 2^53, and at least that above: to be asked before a bigint is made. */
  readonly place: number;
  readonly type: number;
  /** Index in the dynamic symbol table (ET_REL: of the section's symbol table), 0 when none. */
  readonly symbol: number;
}

export interface Note {
  /** Owner without its NUL: `GNU`, `Go`, `FDO`. */
  readonly owner: string;
  readonly type: number;
  readonly description: Buffer;
  /** File offset of the note header, in bytes. */
  readonly offset: number;
}

/** Where a part of the file that is said to hold notes holds none. */
export interface NoteDamage {
  /** `PT_NOTE segment 7`, `section .note` */
  readonly title: string;
  /** File offset, in bytes. */
  readonly offset: bigint;
  /** A sentence's predicate. */
  readonly message: string;
  /** The beginning of what stands there, where it is text for people. */
  readonly text?: string;
}
