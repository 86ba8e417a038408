import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { MalformedElf } from '../../src/base/errors.ts';
import { EM, PF, PT } from '../../src/elf/constants.ts';
import { type AddressMap, addressMap } from '../../src/elf/memory/address-map.ts';
import { kernelStart, type StartNeed } from '../../src/elf/memory/kernel-start.ts';
import { memoryMap } from '../../src/elf/memory/memory-map.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { readImpliesExecution } from '../../src/facts/file/read-implies-execution.ts';
import { kernelStackMark } from '../../src/facts/stack-segment.ts';
import type { KernelView } from './kernel-view.ts';

/** `unclear`: whether it starts is a matter of luck, or of what this machine has; `starts` has then been compared anyway. */
export type Outcome =
  | { readonly kind: 'starts' | 'refused' | 'unclear' }
  | { readonly kind: 'different'; readonly how: string };

type Started = Extract<KernelView, { started: true }>;

const page = 4096n;

/** Holds what hullcheck makes of a program against what the kernel made of it. */
export function compareView(
  program: Buffer,
  view: KernelView,
  interpreters: ReadonlySet<string>,
): Outcome {
  const elf = readable(program);
  if (elf === null) {
    return view.started ? different('started, though nothing could take it') : { kind: 'refused' };
  }
  const start = kernelStart(elf);
  if (view.started) {
    if (!start.starts) return different(`started, though ${start.because}`);
    const how = mapDifference(elf, view) ?? stackDifference(elf, view);
    return how === null ? { kind: 'starts' } : different(how);
  }
  if (!start.starts || !isOwnMachine(elf) || !isInterpreterThere(elf, interpreters)) {
    return { kind: 'refused' };
  }
  const lacking = start.needs.map(lackOf).filter((lack) => lack !== null);
  if (lacking.includes('lacking')) return { kind: 'refused' };
  if (lacking.includes('unclear')) return { kind: 'unclear' };
  return different(`refused with errno ${view.errno}, status ${view.status}`);
}

function different(how: string): Outcome {
  return { kind: 'different', how };
}

function readable(program: Buffer): Elf | null {
  try {
    return readElf(bytesOf(program));
  } catch (error) {
    if (error instanceof MalformedElf) return null;
    throw error;
  }
}

function isOwnMachine({ header }: Elf): boolean {
  return header.machine === EM.X86_64 || header.machine === EM.I386;
}

/** Read as the kernel reads it, wherever damage of its path makes a fact unknown. */
function isInterpreterThere(elf: Elf, interpreters: ReadonlySet<string>): boolean {
  const segment = segmentsOf(elf).find(({ type }) => type === PT.INTERP);
  if (segment === undefined) return true;
  const path = elf.bytes.read(Number(segment.offset), Number(segment.fileSize));
  return interpreters.has(path.toString('latin1', 0, path.indexOf(0)));
}

const lowest = BigInt(readFileSync('/proc/sys/vm/mmap_min_addr', 'latin1').trim());
const hasLargeAddresses = /\bla57\b/.test(readFileSync('/proc/cpuinfo', 'latin1'));

function lackOf(need: StartNeed): 'lacking' | 'unclear' | null {
  switch (need.what) {
    case 'low-address':
      return need.lowest < lowest ? 'lacking' : null;
    case 'memory':
      return need.bytes > BigInt(totalmem()) / 2n ? 'unclear' : null;
    case 'large-addresses':
      return hasLargeAddresses ? 'unclear' : 'lacking';
    default:
      return 'unclear';
  }
}

interface Stretch {
  readonly start: bigint;
  readonly end: bigint;
  readonly permissions: string;
}

function mapDifference(elf: Elf, view: Started): string | null {
  const memory = memoryMap(elf.header, segmentsOf(elf), 'kernel');
  const entry = entryOf(elf, view.auxv);
  if (entry === null) return `class: hullcheck ${elf.header.bits} bits`;
  const bias = BigInt.asUintN(64, entry - elf.header.entry);
  const isReadableCode = readImpliesExecution(elf.header, segmentsOf(elf));
  const wanted = joined(
    memory.map(({ start, end, flags }) => ({
      start: BigInt.asUintN(64, start - (start % page) + bias),
      end: BigInt.asUintN(64, end + ((page - (end % page)) % page) + bias),
      permissions: permissionsOf(flags, isReadableCode),
    })),
  );
  const real = joined(ownMappings(view, wanted));
  const [said, seen] = [wanted, real].map((all) => all.map(text).join(' '));
  if (said !== seen) return `memory: hullcheck ${said}; kernel ${seen}`;
  return pageDifference(addressMap(elf.bytes, memory), elf, view, bias, wanted);
}

/** Lines of the program itself: those of the loader and of the kernel are left out. */
function ownMappings(view: Started, wanted: readonly Stretch[]): Stretch[] {
  let isLoader = false;
  return view.maps.flatMap((line) => {
    const [range = '', permissions = '', , , inode, ...name] = line.split(/\s+/);
    const [start = 0n, end = 0n] = range.split('-').map((part) => BigInt(`0x${part}`));
    const path = name.join(' ');
    const isProgram = /\/program-\d+$/.test(path);
    const isAnonymous = inode === '0' && (path === '' || path === '[heap]' || path === '[anon]');
    if (isProgram) isLoader = false;
    else if (!isAnonymous) isLoader = inode !== '0';
    // Zeros behind those of the loader are its own.
    const isOurs = isProgram || (isAnonymous && (!isLoader || isWithin(wanted, start)));
    return isOurs ? [{ start, end, permissions: permissions.slice(0, 3) }] : [];
  });
}

function isWithin(all: readonly Stretch[], address: bigint): boolean {
  return all.some(({ start, end }) => address >= start && address < end);
}

function pageDifference(
  addresses: AddressMap,
  elf: Elf,
  view: Started,
  bias: bigint,
  wanted: readonly Stretch[],
): string | null {
  for (const [place, seen] of Object.entries(view.pages)) {
    const address = BigInt(`0x${place}`);
    if (!isWithin(wanted, address)) continue;
    const said = firstBytes(addresses, elf, BigInt.asUintN(64, address - bias));
    if (said !== seen) return `page ${place}: hullcheck ${said}; kernel ${seen}`;
  }
  return null;
}

/** Behind the end of the file its last page has zeros, and further pages cannot be read. */
function firstBytes(addresses: AddressMap, { bytes }: Elf, start: bigint): string | null {
  const found = Buffer.alloc(16);
  for (let at = 0; at < found.length; at += 1) {
    const address = start + BigInt(at);
    const piece = addresses.pieceAt(address);
    if (piece === null) return 'nothing';
    if (piece.offset === null) continue;
    const offset = piece.offset + (address - piece.start);
    if (offset - (offset % page) >= BigInt(bytes.size)) return null;
    if (offset < BigInt(bytes.size)) found[at] = bytes.read(Number(offset), 1)[0] ?? 0;
  }
  return found.toString('hex');
}

function stackDifference(elf: Elf, view: Started): string | null {
  const line = view.maps.find((each) => each.endsWith('[stack]')) ?? '';
  const isExecutable = line.split(/\s+/)[1]?.includes('x') ?? false;
  const said = hasSegments(elf) ? kernelStackMark(elf).executable : null;
  const wanted = said ?? elf.header.machine === EM.I386;
  return wanted === isExecutable ? null : `stack: hullcheck ${wanted}; kernel ${isExecutable}`;
}

/** hullcheck does not take all zeros for a table, and the kernel finds no segments in them. */
function segmentsOf(elf: Elf) {
  return hasSegments(elf) ? elf.segments : [];
}

function hasSegments(elf: Elf): boolean {
  try {
    return elf.segments.length > 0;
  } catch (error) {
    if (error instanceof MalformedElf) return false;
    throw error;
  }
}

function permissionsOf(flags: number, isReadableCode: boolean): string {
  const isExecutable = (flags & PF.X) !== 0 || (isReadableCode && (flags & PF.R) !== 0);
  return `${flags & PF.R ? 'r' : '-'}${flags & PF.W ? 'w' : '-'}${isExecutable ? 'x' : '-'}`;
}

/** AT_ENTRY, where e_entry came to lie. */
function entryOf({ header }: Elf, auxv: string): bigint | null {
  const bytes = Buffer.from(auxv, 'hex');
  const size = header.bits / 8;
  const word = (at: number) =>
    size === 8 ? bytes.readBigUInt64LE(at) : BigInt(bytes.readUInt32LE(at));
  for (let at = 0; at + 2 * size <= bytes.length; at += 2 * size) {
    if (word(at) === 9n) return word(at + size);
  }
  return null;
}

/** Stretches that touch each other and have the same permissions are one. */
function joined(all: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const each of [...all].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    const last = result.at(-1);
    if (last !== undefined && last.permissions === each.permissions && last.end >= each.start)
      result[result.length - 1] = { ...last, end: each.end > last.end ? each.end : last.end };
    else result.push(each);
  }
  return result;
}

function text({ start, end, permissions }: Stretch): string {
  return `${start.toString(16)}-${end.toString(16)} ${permissions}`;
}
