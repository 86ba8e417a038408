import { MalformedElf } from '../../base/errors.ts';
import { EM, ET, PF, PT } from '../constants.ts';
import { longestInterpreter } from '../headers/read-interpreter.ts';
import type { Elf } from '../model.ts';
import { viewOf } from '../reading/layout.ts';
import { hex } from '../reading/narrow.ts';
import type { Segment } from '../records.ts';
import { type AddressLimits, addressLimits } from './address-limits.ts';
import {
  isLinuxMachine,
  isProgramTableReadable,
  largestProgramTable,
  programHeaderSize,
  refusedClass,
} from './file-layout.ts';
import { pageEnd, pageSizeOf, pageStart } from './page.ts';

/** Whether Linux would start the file as a program (execve; fs/binfmt_elf.c, load_elf_binary, Linux 6.18). */
export type KernelStart =
  | {
      readonly starts: true;
      /** What not every machine, user or start has. */
      readonly needs: readonly StartNeed[];
    }
  | {
      readonly starts: false;
      readonly because: string;
      /** Found out when the process that asked has given its memory up: no error is returned, it dies by SIGSEGV. */
      readonly isFatal: boolean;
      /** Absent: ENOEXEC. */
      readonly errno?: 'EACCES';
    };

export type StartNeed =
  /** Below vm.mmap_min_addr only a privileged user may have memory. */
  | { readonly what: 'low-address'; readonly lowest: bigint }
  /** Bytes that one segment takes: more than there is, and Linux refuses it. */
  | { readonly what: 'memory'; readonly bytes: bigint }
  /** Page tables of five levels, or files of more than 16 TiB. */
  | { readonly what: 'large-addresses' | 'large-files' }
  /** CONFIG_X86_X32_ABI. */
  | { readonly what: 'x32' }
  /** Where the stack and the file lie is drawn at each start, and here they can meet. */
  | { readonly what: 'luck' };

class Refused extends Error {
  readonly errno?: 'EACCES';

  constructor(because: string, errno?: 'EACCES') {
    super(because);
    if (errno !== undefined) this.errno = errno;
  }
}

export function kernelStart(elf: Elf): KernelStart {
  let isFatal = false;
  try {
    demandHeader(elf);
    const segments = programTable(elf);
    const hasInterpreter = demandInterpreter(elf, segments);
    isFatal = true;
    return { starts: true, needs: startNeeds(elf, segments, hasInterpreter) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const answer = error.errno === undefined ? {} : { errno: error.errno };
    return { starts: false, because: error.message, isFatal, ...answer };
  }
}

function startNeeds(
  elf: Elf,
  segments: readonly Segment[],
  hasInterpreter: boolean,
): readonly StartNeed[] {
  const loads = segments.filter(({ type }) => type === PT.LOAD);
  const { machine, bits } = elf.header;
  const needs: StartNeed[] = [];
  if (machine === EM.X86_64 && bits === 32) needs.push({ what: 'x32' });
  for (const load of loads) needs.push(...segmentNeeds(elf, load));
  needs.push(...placeNeeds(elf, loads, hasInterpreter));
  return needs;
}

function demandHeader({ header, bytes }: Elf): void {
  if (header.type !== ET.EXEC && header.type !== ET.DYN) {
    throw new Refused(`e_type is ${hex(header.type)} at 0x10, expected ET_EXEC or ET_DYN`);
  }
  const asked = refusedClass(bytes, header);
  if (asked !== null) throw new Refused(asked);
  if (!isLinuxMachine(header)) {
    throw new Refused(`e_machine is ${header.machine} at 0x12, which Linux does not run`);
  }
  const size = programHeaderSize[header.bits];
  if (header.programHeaderSize !== size) {
    throw new Refused(`e_phentsize is ${header.programHeaderSize}, expected ${size}`);
  }
  const at = header.bits === 64 ? 56 : 44;
  const count = viewOf(bytes.read(at, 2)).getUint16(0, header.byteOrder === 'little');
  if (count === 0) throw new Refused('there are no program headers');
  if (count * size > largestProgramTable) {
    throw new Refused(`${count} program headers are more than Linux accepts`);
  }
}

/** All zeros are a table to no other reader, and a table without segments to the kernel. */
function programTable(elf: Elf): readonly Segment[] {
  try {
    return elf.segments;
  } catch (error) {
    if (!(error instanceof MalformedElf)) throw error;
    if (isProgramTableReadable(elf.bytes, elf.header)) return [];
    throw new Refused(`the program headers cannot be read: ${error.message}`);
  }
}

/** Only the first PT_INTERP counts. */
function demandInterpreter({ bytes }: Elf, segments: readonly Segment[]): boolean {
  const segment = segments.find(({ type }) => type === PT.INTERP);
  if (segment === undefined) return false;
  const { offset, fileSize } = segment;
  if (fileSize < 2n || fileSize > BigInt(longestInterpreter)) {
    throw new Refused(`PT_INTERP has ${fileSize} bytes, expected 2 to ${longestInterpreter}`);
  }
  if (offset + fileSize > BigInt(bytes.size)) {
    throw new Refused('PT_INTERP reaches beyond the end of the file');
  }
  const last = bytes.read(Number(offset + fileSize) - 1, 1);
  if (last[0] !== 0) throw new Refused('PT_INTERP does not end with NUL');
  // For open_exec an empty name is the working directory, which is not a file to execute.
  if (bytes.read(Number(offset), 1)[0] === 0)
    throw new Refused('PT_INTERP names nothing', 'EACCES');
  return true;
}

/** What is checked of each segment by itself, wherever it lies. */
function segmentNeeds(elf: Elf, load: Segment): StartNeed[] {
  const { header, bytes } = elf;
  const { address, offset, fileSize, memorySize, flags, index } = load;
  const refuse = (why: string) => new Refused(`PT_LOAD segment ${index} ${why}`);
  const page = pageSizeOf(header.machine);
  const limit = addressLimits(header);
  const needs: StartNeed[] = [];
  if (fileSize > memorySize) throw refuse('has more bytes in the file than in memory');
  if (address + memorySize > limit.largest || address >= limit.largest) {
    throw refuse('reaches beyond the address space');
  }
  if (address + memorySize > limit.usual) needs.push({ what: 'large-addresses' });
  if (fileSize > 0n) {
    if ((offset - address) % page !== 0n) {
      throw refuse('has an offset and an address that differ within their pages');
    }
    const size = pageEnd((address % page) + fileSize, page);
    if (offset + size > 1n << 63n) throw refuse('lies beyond the end of any file');
    if (offset + size > 1n << 44n) needs.push({ what: 'large-files' });
    const end = offset + fileSize;
    const isZeroed = memorySize > fileSize && (flags & PF.W) !== 0 && end % page !== 0n;
    if (isZeroed && pageStart(end, page) >= BigInt(bytes.size)) {
      throw refuse('ends beyond the end of the file, where zeros would have to be written');
    }
    if ((flags & PF.W) !== 0) needs.push({ what: 'memory', bytes: size });
  }
  if (memorySize > fileSize) {
    const start = fileSize === 0n ? pageStart(address, page) : pageEnd(address + fileSize, page);
    needs.push({ what: 'memory', bytes: pageEnd(address + memorySize, page) - start });
  }
  return needs;
}

function placeNeeds(elf: Elf, loads: readonly Segment[], hasInterpreter: boolean): StartNeed[] {
  const [first] = loads;
  if (elf.header.type === ET.EXEC || first === undefined)
    return fixedNeeds(elf, loads, hasInterpreter);
  return movedNeeds(elf, first, loads, hasInterpreter);
}

function fixedNeeds(elf: Elf, loads: readonly Segment[], hasInterpreter: boolean): StartNeed[] {
  const { header } = elf;
  const page = pageSizeOf(header.machine);
  const limit = addressLimits(header);
  const needs: StartNeed[] = [];
  for (const load of loads.filter(({ memorySize }) => memorySize > 0n)) {
    needs.push({ what: 'low-address', lowest: pageStart(load.address, page) });
    if (pageEnd(load.address + load.memorySize, page) > limit.stack) needs.push({ what: 'luck' });
  }
  if (!hasInterpreter) needs.push(...entryNeeds(elf, header.entry));
  return needs;
}

function entryNeeds({ header }: Elf, entry: bigint): StartNeed[] {
  const limit = addressLimits(header);
  if (entry >= limit.largest) throw new Refused('the entry point lies beyond the address space');
  return entry >= limit.usual ? [{ what: 'large-addresses' }] : [];
}

/** ET_DYN: the kernel draws an address for the first segment, and the others keep their distance from it. */
function movedNeeds(
  elf: Elf,
  first: Segment,
  loads: readonly Segment[],
  hasInterpreter: boolean,
): StartNeed[] {
  const { header } = elf;
  const page = pageSizeOf(header.machine);
  const limit = addressLimits(header);
  const lowest = loads.reduce((low, { address }) => min(low, pageStart(address, page)), 1n << 64n);
  const highest = loads.reduce((high, load) => max(high, load.address + load.memorySize), 0n);
  const total = BigInt.asUintN(header.bits, highest - lowest);
  if (total === 0n) throw new Refused('the PT_LOAD segments take no memory');
  const needs: StartNeed[] = [];
  if (total > limit.largest) throw new Refused('the PT_LOAD segments do not fit the address space');
  if (total > limit.room) needs.push({ what: 'luck' });
  if ((first.flags & PF.W) !== 0 && first.fileSize > 0n)
    needs.push({ what: 'memory', bytes: total });
  const before = pageStart(first.address, page) - lowest;
  const alignment = largestAlignment(loads);
  const isAtZero = alignment > limit.drawn || (!hasInterpreter && first.fileSize === 0n);
  if (isAtZero) {
    if (before > 0n) throw new Refused('the first segment lies at address 0, and others below it');
    needs.push({ what: 'low-address', lowest: 0n });
  } else if (before > 0n || alignment > limit.drawn >> 8n) {
    needs.push(...(before > limit.drawn >> 8n ? [{ what: 'luck' } as const] : []));
  }
  if (!hasInterpreter) {
    needs.push(...movedEntryNeeds(limit, total, header.entry - pageStart(first.address, page)));
  }
  return needs;
}

/** The entry point `distance` behind the first segment, in a program that ends near the stack. */
function movedEntryNeeds(limit: AddressLimits, total: bigint, distance: bigint): StartNeed[] {
  if (distance >= 0n && distance < total) return [];
  if (limit.drawnEnd - total + distance >= limit.largest) {
    throw new Refused('the entry point lies beyond the address space');
  }
  return [{ what: 'luck' }];
}

/** Values that are not a power of two are skipped. */
function largestAlignment(loads: readonly Segment[]): bigint {
  return loads
    .map(({ alignment }) => alignment)
    .filter((alignment) => (alignment & (alignment - 1n)) === 0n)
    .reduce(max, 0n);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
