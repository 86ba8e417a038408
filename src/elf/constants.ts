/*
 * Numbers of the ELF specification that this project reads, in the spec's own abbreviations
 * (gABI, the Linux extensions to it, and <elf.h>). Their names as readelf prints them: names.ts.
 */

/** e_type */
export const ET = { NONE: 0, REL: 1, EXEC: 2, DYN: 3, CORE: 4 } as const;

/** e_machine */
export const EM = {
  NONE: 0,
  SPARC: 2,
  I386: 3,
  M68K: 4,
  MIPS: 8,
  PARISC: 15,
  SPARC32PLUS: 18,
  PPC: 20,
  PPC64: 21,
  S390: 22,
  ARM: 40,
  SH: 42,
  SPARCV9: 43,
  IA_64: 50,
  X86_64: 62,
  OPENRISC: 92,
  ARCOMPACT: 93,
  XTENSA: 94,
  MICROBLAZE: 189,
  AARCH64: 183,
  ARCV2: 195,
  RISCV: 243,
  BPF: 247,
  CSKY: 252,
  LOONGARCH: 258,
  ALPHA: 0x9026,
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

/** d_tag */
export const DT = {
  NULL: 0,
  NEEDED: 1,
  PLTRELSZ: 2,
  PLTGOT: 3,
  HASH: 4,
  STRTAB: 5,
  SYMTAB: 6,
  RELA: 7,
  RELASZ: 8,
  RELAENT: 9,
  STRSZ: 10,
  SYMENT: 11,
  INIT: 12,
  FINI: 13,
  SONAME: 14,
  RPATH: 15,
  SYMBOLIC: 16,
  REL: 17,
  RELSZ: 18,
  RELENT: 19,
  PLTREL: 20,
  DEBUG: 21,
  TEXTREL: 22,
  JMPREL: 23,
  BIND_NOW: 24,
  INIT_ARRAY: 25,
  FINI_ARRAY: 26,
  INIT_ARRAYSZ: 27,
  FINI_ARRAYSZ: 28,
  RUNPATH: 29,
  FLAGS: 30,
  PREINIT_ARRAY: 32,
  PREINIT_ARRAYSZ: 33,
  RELRSZ: 35,
  RELR: 36,
  RELRENT: 37,
  ANDROID_REL: 0x6000000f,
  ANDROID_RELSZ: 0x60000010,
  ANDROID_RELA: 0x60000011,
  ANDROID_RELASZ: 0x60000012,
  ANDROID_RELR: 0x6fffe000,
  ANDROID_RELRSZ: 0x6fffe001,
  GNU_HASH: 0x6ffffef5,
  CONFIG: 0x6ffffefa,
  DEPAUDIT: 0x6ffffefb,
  AUDIT: 0x6ffffefc,
  VERSYM: 0x6ffffff0,
  RELACOUNT: 0x6ffffff9,
  RELCOUNT: 0x6ffffffa,
  FLAGS_1: 0x6ffffffb,
  VERDEF: 0x6ffffffc,
  VERDEFNUM: 0x6ffffffd,
  VERNEED: 0x6ffffffe,
  VERNEEDNUM: 0x6fffffff,
  MIPS_SYMTABNO: 0x70000011,
  MIPS_RLD_MAP: 0x70000016,
  MIPS_RLD_MAP_REL: 0x70000035,
  AARCH64_BTI_PLT: 0x70000001,
  AARCH64_PAC_PLT: 0x70000003,
  AUXILIARY: 0x7ffffffd,
  FILTER: 0x7fffffff,
} as const;

/** Bits of DT_FLAGS. */
export const DF = {
  ORIGIN: 0x1,
  SYMBOLIC: 0x2,
  TEXTREL: 0x4,
  BIND_NOW: 0x8,
  STATIC_TLS: 0x10,
} as const;

/** Bits of DT_FLAGS_1. */
export const DF_1 = {
  NOW: 0x1,
  GLOBAL: 0x2,
  GROUP: 0x4,
  NODELETE: 0x8,
  LOADFLTR: 0x10,
  INITFIRST: 0x20,
  NOOPEN: 0x40,
  ORIGIN: 0x80,
  DIRECT: 0x100,
  INTERPOSE: 0x400,
  NODEFLIB: 0x800,
  NODUMP: 0x1000,
  CONFALT: 0x2000,
  ENDFILTEE: 0x4000,
  STUB: 0x04000000,
  PIE: 0x08000000,
} as const;

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
