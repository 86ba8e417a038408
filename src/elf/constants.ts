/*
 * Numbers of the ELF specification that this project reads, in the spec's own abbreviations
 * (gABI, the Linux extensions to it, and <elf.h>). Their names as readelf prints them: names.ts.
 */

export { DF, DF_1, DT } from './dynamic/dynamic-constants.ts';

/** e_type */
export const ET = { NONE: 0, REL: 1, EXEC: 2, DYN: 3, CORE: 4 } as const;

/** e_machine */
export const EM = {
  NONE: 0,
  SPARC: 2,
  I386: 3,
  M68K: 4,
  I486: 6,
  MIPS: 8,
  PARISC: 15,
  SPARC32PLUS: 18,
  PPC: 20,
  PPC64: 21,
  S390: 22,
  SPU: 23,
  ARM: 40,
  SH: 42,
  SPARCV9: 43,
  TRICORE: 44,
  IA_64: 50,
  X86_64: 62,
  AVR: 83,
  FR30: 84,
  V850: 87,
  OPENRISC: 92,
  ARCOMPACT: 93,
  XTENSA: 94,
  MSP430: 105,
  TI_C6000: 140,
  PRU: 144,
  HEXAGON: 164,
  RX: 173,
  MICROBLAZE: 189,
  AARCH64: 183,
  CUDA: 190,
  ARCV2: 195,
  AMDGPU: 224,
  RISCV: 243,
  LANAI: 244,
  BPF: 247,
  CSKY: 252,
  LOONGARCH: 258,
  ALPHA: 0x9026,
  S390_OLD: 0xa390,
} as const;

/** EI_OSABI */
export const ELFOSABI = {
  NONE: 0,
  NETBSD: 2,
  GNU: 3,
  SOLARIS: 6,
  FREEBSD: 9,
  OPENBSD: 12,
} as const;

/** p_type */
export const PT = {
  NULL: 0,
  LOAD: 1,
  DYNAMIC: 2,
  INTERP: 3,
  NOTE: 4,
  SHLIB: 5,
  PHDR: 6,
  TLS: 7,
  GNU_EH_FRAME: 0x6474e550,
  GNU_STACK: 0x6474e551,
  GNU_RELRO: 0x6474e552,
  GNU_PROPERTY: 0x6474e553,
  OPENBSD_MUTABLE: 0x65a3dbe5,
  OPENBSD_RANDOMIZE: 0x65a3dbe6,
  OPENBSD_WXNEEDED: 0x65a3dbe7,
  OPENBSD_NOBTCFI: 0x65a3dbe8,
  OPENBSD_SYSCALLS: 0x65a3dbe9,
  SUNWSTACK: 0x6ffffffb,
} as const;

/** p_flags */
export const PF = { X: 1, W: 2, R: 4 } as const;

/** sh_type */
export const SHT = {
  NULL: 0,
  PROGBITS: 1,
  SYMTAB: 2,
  STRTAB: 3,
  RELA: 4,
  HASH: 5,
  DYNAMIC: 6,
  NOTE: 7,
  NOBITS: 8,
  REL: 9,
  DYNSYM: 11,
  INIT_ARRAY: 14,
  FINI_ARRAY: 15,
  PREINIT_ARRAY: 16,
  GNU_HASH: 0x6ffffff6,
  GNU_VERDEF: 0x6ffffffd,
  GNU_VERNEED: 0x6ffffffe,
  GNU_VERSYM: 0x6fffffff,
} as const;

/** sh_flags */
export const SHF = {
  WRITE: 0x1n,
  ALLOC: 0x2n,
  EXECINSTR: 0x4n,
  MERGE: 0x10n,
  STRINGS: 0x20n,
  TLS: 0x400n,
  COMPRESSED: 0x800n,
} as const;

/** Special section indexes. */
export const SHN = { UNDEF: 0, ABS: 0xfff1, COMMON: 0xfff2, XINDEX: 0xffff } as const;

/** Symbol types: st_info & 15. */
export const STT = {
  NOTYPE: 0,
  OBJECT: 1,
  FUNC: 2,
  SECTION: 3,
  FILE: 4,
  COMMON: 5,
  TLS: 6,
  GNU_IFUNC: 10,
} as const;

/** Symbol bindings: st_info >> 4. */
export const STB = { LOCAL: 0, GLOBAL: 1, WEAK: 2, GNU_UNIQUE: 10 } as const;

/** Symbol visibilities: st_other & 3. */
export const STV = { DEFAULT: 0, INTERNAL: 1, HIDDEN: 2, PROTECTED: 3 } as const;

/** Note types of the owners `GNU`, `Go`, `FDO` (package metadata, dlopen metadata) and `stapsdt`. */
export const NT = {
  GNU_ABI_TAG: 1,
  GNU_HWCAP: 2,
  GNU_BUILD_ID: 3,
  GNU_GOLD_VERSION: 4,
  GNU_PROPERTY_TYPE_0: 5,
  GO_BUILD_ID: 4,
  FDO_PACKAGING_METADATA: 0xcafe1a7e,
  FDO_DLOPEN_METADATA: 0x407c0c0a,
  STAPSDT: 3,
} as const;
