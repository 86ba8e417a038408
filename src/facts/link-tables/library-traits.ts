import { DF_1, DT, EM, ET, PF, PT } from '../../elf/constants.ts';
import { pageSizeOf } from '../../elf/memory/page.ts';
import type { Elf } from '../../elf/model.ts';
import type { Segment } from '../../elf/records.ts';
import { hasPackedRelative, processorNeeds } from '../file/loader-needs.ts';
import { type SystemTag, systemTag } from '../file/system-tag.ts';

/**
 * What glibc's loader asks of a file before it takes it for a library (elf/dl-load.c: open_verify and
 * _dl_map_object_from_fd), apart from its machine. The kernel asks none of it of a program.
 */
export interface LibraryTraits {
  /** e_ident names another class than the one that the file has: passed over like a file for another machine. */
  readonly otherClass: boolean;
  /** A predicate: why every release refuses it as a library. null: none does for these traits. */
  readonly refusal: string | null;
  /** Why releases refuse it that hold segments to their p_align. */
  readonly alignmentRefusal: string | null;
  /** DF_1_PIE. */
  readonly saysProgram: boolean;
  /** DF_1_NOOPEN: not to be opened by a process that runs. */
  readonly onlyAtStart: boolean;
  /** Note GNU_ABI_TAG; null when there is none. */
  readonly builtFor: SystemTag | null;
  /** GNU_PROPERTY_X86_ISA_1_NEEDED; 0 without it and on other machines. */
  readonly processorNeeds: number;
  /** DT_VERSYM: its symbols have versions, or require some. */
  readonly hasVersions: boolean;
  /** DT_RELR with at least one relocation. */
  readonly packedRelative: boolean;
  /** PT_GNU_STACK requests execution, or is missing where that means the same. */
  readonly executableStack: boolean;
}

export function libraryTraits(elf: Elf): LibraryTraits {
  const ident = elf.bytes.read(0, identSize);
  const isX86 = elf.header.machine === EM.X86_64 || elf.header.machine === EM.I386;
  const flags1 = elf.dynamicValue(DT.FLAGS_1) ?? 0n;
  return {
    otherClass: ident[4] !== (elf.header.bits === 64 ? 2 : 1),
    refusal: identRefusal(elf, ident) ?? headerRefusal(elf) ?? segmentRefusal(elf),
    alignmentRefusal: alignmentRefusal(elf),
    saysProgram: (flags1 & BigInt(DF_1.PIE)) !== 0n,
    onlyAtStart: (flags1 & BigInt(DF_1.NOOPEN)) !== 0n,
    builtFor: systemTag(elf),
    processorNeeds: processorNeeds(elf),
    hasVersions: elf.dynamicValue(DT.VERSYM) !== null,
    packedRelative: hasPackedRelative(elf),
    executableStack: wantsExecutableStack(elf, isX86),
  };
}

const identSize = 16;
/** Machines whose glibc knows no EI_OSABI but System V's and GNU's. */
const plainMachines: readonly number[] = [
  EM.X86_64,
  EM.I386,
  EM.AARCH64,
  EM.RISCV,
  EM.S390,
  EM.LOONGARCH,
];
/** ELFOSABI_SYSV and ELFOSABI_GNU, and the first EI_ABIVERSION that glibc does not know (libc-abis). */
const sysv = 0;
const gnu = 3;
const unknownAbi = 3;

/** sysdeps/gnu/ldsodefs.h; in the order in which open_verify names what is wrong. */
function identRefusal({ header }: Elf, ident: Buffer): string | null {
  const wanted = header.byteOrder === 'little' ? 1 : 2;
  const [, , , , , data, version, osAbi = 0, abiVersion = 0] = ident;
  if (data !== wanted) return `says in EI_DATA that it is not ${header.byteOrder}-endian`;
  if (version !== 1) return `has EI_VERSION ${version}`;
  if (!plainMachines.includes(header.machine)) return null;
  if (osAbi !== sysv && osAbi !== gnu) return `is for another system: EI_OSABI is ${osAbi}`;
  if (abiVersion !== 0 && (osAbi !== gnu || abiVersion >= unknownAbi)) {
    return `has EI_ABIVERSION ${abiVersion}`;
  }
  if (ident.subarray(9).some((byte) => byte !== 0)) return 'has bytes in the padding of e_ident';
  return null;
}

function headerRefusal({ header }: Elf): string | null {
  if (header.version !== 1) return `has e_version ${header.version}`;
  if (header.type === ET.EXEC) return 'is a program that only runs at its own address';
  if (header.type !== ET.DYN) return `is not a shared library: e_type is ${header.type}`;
  return null;
}

function segmentRefusal(elf: Elf): string | null {
  const loads = elf.segments.filter(({ type }) => type === PT.LOAD);
  if (loads.length === 0) return 'has no PT_LOAD segment';
  const page = pageSizeOf(elf.header.machine);
  const crooked = loads.find((load) => !isAligned(load, page));
  if (crooked !== undefined) {
    return `has a PT_LOAD segment ${crooked.index} whose offset and address differ within their pages`;
  }
  const dynamic = elf.segments.filter(({ type }) => type === PT.DYNAMIC);
  if (dynamic.length === 0 || dynamic.some(({ fileSize }) => fileSize === 0n)) {
    return 'has no dynamic section';
  }
  return null;
}

/** Until glibc 2.34: p_align must be whole pages, and offset and address must agree below it. */
function alignmentRefusal({ segments, header }: Elf): string | null {
  const page = pageSizeOf(header.machine);
  const odd = segments.find(
    (each) =>
      each.type === PT.LOAD &&
      ((each.alignment & (page - 1n)) !== 0n || !isAligned(each, each.alignment)),
  );
  return odd === undefined
    ? null
    : `has a PT_LOAD segment ${odd.index} that is not aligned as it says`;
}

/** As glibc computes it: an alignment of 0 demands that both are equal. */
function isAligned({ address, offset }: Segment, alignment: bigint): boolean {
  return ((address - offset) & BigInt.asUintN(64, alignment - 1n)) === 0n;
}

/** sysdeps/generic/stackinfo.h and its siblings: without PT_GNU_STACK the stack of x86 is executable. */
function wantsExecutableStack({ segments }: Elf, isX86: boolean): boolean {
  const stack = segments.findLast(({ type }) => type === PT.GNU_STACK);
  return stack === undefined ? isX86 : (stack.flags & PF.X) !== 0;
}
