import type { Elf } from '../../../src/elf/model.ts';
import type { Region, SectionDescription } from './elf-sections.ts';
import type { NoteDescription, RelocationDescription, SymbolDescription } from './elf-tables.ts';

/**
 * What a small ELF file shall hold. Everything has a default: `buildElf({})` is a 64-bit little-endian x86-64
 * shared library that exports and needs nothing.
 *
 *     const { elf } = buildElf({
 *       type: ET.DYN,
 *       interpreter: '/lib/ld-musl-x86_64.so.1',
 *       needed: ['libc.musl-x86_64.so.1'],
 *       dynamic: [[DT.FLAGS_1, DF_1.NOW | DF_1.PIE]],
 *       symbols: [{ name: '__stack_chk_fail' }, { name: 'main', defined: true }],
 *       relocations: [{ type: 7, symbol: '__stack_chk_fail', at: { word: 3 }, plt: true }],
 *       segments: [{ type: PT.GNU_STACK, flags: PF.R | PF.W }],
 *       relroWords: 4,
 *     });
 *
 * Address = `base` + file offset, and 0x10000 more from the dynamic section on. It has two PT_LOAD segments: R E up to the
 * code, RW over the dynamic section and the data area.
 */
export interface ElfDescription {
  readonly bits?: 32 | 64;
  readonly byteOrder?: 'little' | 'big';
  readonly machine?: number;
  readonly type?: number;
  readonly osAbi?: number;
  readonly entry?: number;
  /** Added to file offsets to make addresses. */
  readonly base?: number;
  /** Without it the file has one PT_LOAD and no PT_DYNAMIC. Default: true, except in ET_REL and ET_CORE files. */
  readonly isDynamic?: boolean;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** Further dynamic entries, before DT_NULL. */
  readonly dynamic?: readonly (readonly [tag: number, value: number | bigint])[];
  /** Dynamic symbols; in an ET_REL file use `staticSymbols`. In the file imports come first, as DT_GNU_HASH demands. */
  readonly symbols?: readonly SymbolDescription[];
  /** Which tables count the symbols. Default: gnu, as linkers do. */
  readonly hash?: 'gnu' | 'sysv' | 'both' | 'none';
  readonly relocations?: readonly RelocationDescription[];
  /** Entries with addends (DT_RELA) or without (DT_REL). Default: RELA for 64 bits, REL for 32. */
  readonly addends?: boolean;
  /** Words of DT_RELR as they stand in the file. */
  readonly relr?: readonly (number | bigint)[];
  /** In PT_NOTE, one for each alignment. */
  readonly notes?: readonly NoteDescription[];
  readonly code?: Buffer;
  /** Words of the data area, which follows the dynamic section. Default 8. */
  readonly dataWords?: number;
  /** PT_GNU_RELRO over the dynamic section and this many words of the data area. Default: no PT_GNU_RELRO. */
  readonly relroWords?: number;
  /** PF_* of the two PT_LOAD segments. Default: R E and RW. */
  readonly loadFlags?: readonly [code: number, data: number];
  /** Further program headers; those without `region` cover nothing. */
  readonly segments?: readonly SegmentDescription[];
  /**
   * Further sections. Section headers are written only where `sections`, `staticSymbols` or `comments` are given,
   * and in ET_REL files; section 1 is then `.text`.
   */
  readonly sections?: readonly SectionDescription[];
  readonly staticSymbols?: readonly SymbolDescription[];
  readonly comments?: readonly string[];
}

/** A description with its defaults. */
export type CompleteDescription = ElfDescription &
  Required<
    Pick<
      ElfDescription,
      | 'bits'
      | 'byteOrder'
      | 'machine'
      | 'type'
      | 'osAbi'
      | 'entry'
      | 'base'
      | 'isDynamic'
      | 'hash'
      | 'addends'
      | 'dataWords'
      | 'code'
    >
  >;

export interface SegmentDescription {
  readonly type: number;
  readonly flags: number;
  /** The part of the file that it covers. */
  readonly region?: string;
  readonly alignment?: number;
}

export interface BuiltElf {
  /** The file; change it freely, and read it again with `readElf(bytesOf(buffer))`. */
  readonly buffer: Buffer;
  readonly elf: Elf;
  region(name: string): Region;
}
