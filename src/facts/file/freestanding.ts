import type { Evidence } from '../../base/verdict.ts';
import { doomedStart } from '../../code/start/doomed-start.ts';
import { systemCalls } from '../../code/system-calls.ts';
import { EM, ET, PT } from '../../elf/constants.ts';
import { machineName } from '../../elf/headers/names.ts';
import type { Elf } from '../../elf/model.ts';
import { optional } from '../../elf/reading/witness.ts';
import { startCodeEvidence } from '../libc/start-code.ts';
import { staticLibc } from '../libc/static-libc.ts';
import { armProfile } from './arm-profile.ts';

/** A file that runs without a kernel under it, or before there is one. */
export interface Freestanding {
  readonly kind: 'firmware' | 'boot-code';
  readonly evidence: readonly Evidence[];
  /** Why it may be a program of Linux anyway; absent where nothing can run it as one. */
  readonly doubt?: string;
}

/** Machines that Linux does not run on. It refuses their files on every other one (elf_check_arch). */
const withoutLinux: ReadonlySet<number> = new Set([
  EM.SPU,
  EM.TRICORE,
  EM.AVR,
  EM.FR30,
  EM.V850,
  EM.MSP430,
  EM.PRU,
  EM.RX,
  EM.CUDA,
  EM.AMDGPU,
  EM.LANAI,
  EM.BPF,
]);

/** Linux runs on them where they are the main processor: its programs name a loader, or call it. Mostly they are signal processors. */
const seldomLinux: ReadonlySet<number> = new Set([EM.TI_C6000, EM.HEXAGON, EM.XTENSA]);

/** By its machine alone, whatever the type of the file is: object files for it too. */
export function firmwareByMachine(elf: Elf): Freestanding | null {
  const { machine } = elf.header;
  const isProgram = elf.segments.some(({ type }) => type === PT.INTERP || type === PT.DYNAMIC);
  if (!withoutLinux.has(machine) && (!seldomLinux.has(machine) || isProgram)) return null;
  const saw = machineName(machine);
  return { kind: 'firmware', evidence: [{ what: 'e_machine', saw, offset: 0x12n }] };
}

/** By what compilers say of an object file: linkers read it. */
export function firmwareObject(elf: Elf): Freestanding | null {
  const stated = statedFirmware(elf);
  return stated === null ? null : { kind: 'firmware', evidence: [stated] };
}

/**
 * Of a file that names no loader and needs no library. Linux reads no mark, so what decides is the code: one that calls Linux, or
 * that is not understood, is a program's whatever the file is marked with. Code without calls alone is certain of nothing.
 */
export function freestandingProgram(elf: Elf): Freestanding | null {
  if (startCodeEvidence(elf) !== null) return null;
  const doomed = doomedProgram(elf);
  if (doomed !== null) return doomed;
  const stated = statedFirmware(elf);
  const kind = stated === null ? 'boot-code' : 'firmware';
  const marks = stated === null ? [] : [stated];
  const calls = hasCodeAtEntry(elf)
    ? (optional(() => systemCalls(elf)) ?? 'not-known')
    : 'not-known';
  if (calls === 'none') {
    const evidence = [...marks, { what: 'system calls in the code', saw: 'none' }];
    const isSure = stated !== null || isBelowLowest(elf);
    return isSure ? { kind, evidence } : { kind, evidence, doubt: mayHideCalls };
  }
  if (!isBelowLowest(elf) || optional(() => staticLibc(elf)) !== null) return null;
  return { kind, evidence: marks, doubt: needsPrivileges };
}

/** One whose first instructions end each process: null where some way leads elsewhere. */
export function doomedProgram(elf: Elf): Freestanding | null {
  const start = optional(() => doomedStart(elf));
  if (start === null) return null;
  const stated = statedFirmware(elf);
  const what = 'an instruction of kernels among the first';
  const evidence = { what, saw: start.name, offset: BigInt(start.offset) };
  return {
    kind: stated === null ? 'boot-code' : 'firmware',
    evidence: [...(stated === null ? [] : [stated]), evidence],
  };
}

/** The vDSO has such an instruction for all, and an address inside an instruction may begin another one. */
const mayHideCalls =
  'its code makes no system call that can be seen, but it may jump to one in the vDSO, or bring one hidden: it is boot code, or a program of Linux';

const needsPrivileges =
  'it lies at addresses that Linux gives to privileged processes only (vm.mmap_min_addr): it is boot code, or a program for those';

/** What compilers write for the code's sake. `EI_OSABI` does not count: neither Linux nor linkers read that byte. */
function statedFirmware(elf: Elf): Evidence | null {
  const profile = armProfile(elf);
  if (profile === null || profile.name === 'A') return null;
  const what = 'Tag_CPU_arch_profile';
  return { what, saw: profile.name, offset: profile.offset };
}

/**
 * Linux maps nothing there for a process without CAP_SYS_RAWIO (vm.mmap_min_addr). Distributions set 64 KiB, and 32 KiB on arm, where the
 * kernel's own default is 4 KiB: only below that it holds for all.
 */
function isBelowLowest({ segments, header }: Elf): boolean {
  if (header.type !== ET.EXEC) return false;
  const lowest = header.machine === EM.ARM ? 0x1000n : 0x10000n;
  return segments.some(
    ({ type, address, memorySize }) => type === PT.LOAD && memorySize > 0n && address < lowest,
  );
}

/** What calls nothing shows something only where there is code. */
function hasCodeAtEntry(elf: Elf): boolean {
  const { entry, programHeaderOffset, programHeaderCount, programHeaderSize } = elf.header;
  const offset = elf.fileOffset(entry & ~1n, shortestCode);
  const headers = Number(programHeaderOffset) + programHeaderCount * programHeaderSize;
  if (offset === null || offset < headers) return false;
  return elf.bytes.read(offset, shortestCode).some((byte) => byte !== 0);
}

/** Bytes. */
const shortestCode = 8;
