import { countBefore } from '../../code/functions/ascending.ts';
import { executableRanges } from '../../code/functions/executable-ranges.ts';
import { EM, PT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { piecesOf } from '../../elf/reading/file-pieces.ts';
import { viewOf } from '../../elf/reading/layout.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { placesOfText } from '../search/byte-search.ts';

/** The code that Go's compiler and assembler made, as the table says and the code shows. */
export interface GoFunctions {
  /** File offset of the table. */
  readonly offset: number;
  readonly count: number;
  /** File offsets of the code: [start, end). */
  readonly start: number;
  readonly end: number;
}

/**
 * The table (runtime.pclntab; internal/abi and debug/gosym in the Go sources), found by its header in what is loaded, or by
 * the name of its section where obfuscators change the header's magic. It counts where its functions ascend through the
 * file's executable bytes, and begin as Go's functions do. null where there is none.
 */
export const goFunctions = perFile(findTable);

function findTable(elf: Elf): GoFunctions | null {
  for (const offset of candidates(elf)) {
    const table = readTable(elf, offset);
    const placed = table === null ? null : place(elf, table);
    if (placed !== null) return placed;
  }
  return null;
}

const mostTries = 256;

/** What follows the magic's first byte (f1, f0, fa or fb), little-endian: how instructions are aligned, and pointers. */
function headsOf({ machine, bits, byteOrder }: Elf['header']): readonly Buffer[] {
  const isX86 = machine === EM.X86_64 || machine === EM.I386;
  const alignments = isX86 ? [1] : machine === EM.S390 ? [2] : [4, 2];
  const magic = byteOrder === 'little' ? [0xff, 0xff, 0xff] : [0xf1];
  return alignments.map((alignment) => Buffer.from([...magic, 0, 0, alignment, bits / 8]));
}

function* candidates(elf: Elf): Generator<number> {
  for (const { name, offset } of elf.sections) {
    if (/^(\.data\.rel\.ro)?\.gopclntab$/.test(name)) yield Number(offset);
  }
  const before = elf.header.byteOrder === 'little' ? 1 : 3;
  for (const { type, offset, fileSize } of elf.segments) {
    if (type !== PT.LOAD) continue;
    const end = Number(offset + fileSize);
    for (const head of headsOf(elf.header)) {
      const range = { start: Number(offset), end };
      for (const at of placesOfText(elf.bytes, head, range, mostTries)) {
        if ((at - before) % 4 === 0) yield at - before;
      }
    }
  }
}

/** Where functions begin: as distances from an address that the table need not name, or as addresses. */
interface Table {
  readonly offset: number;
  readonly starts: readonly number[];
  /** Behind the last function. */
  readonly end: number;
  /** Address that the starts count from; null where the loader or the runtime fills it in. */
  readonly base: number | null;
}

const mostFunctions = 4_000_000;

function readTable(elf: Elf, offset: number): Table | null {
  const { bits, byteOrder } = elf.header;
  const size = bits / 8;
  if (offset < 0 || offset + 8 + 8 * size > elf.bytes.size) return null;
  const header = elf.bytes.read(offset, 8 + 8 * size);
  const isPlausible =
    header[4] === 0 && header[5] === 0 && [1, 2, 4].includes(header[6] ?? 0) && header[7] === size;
  if (!isPlausible) return null;
  const view = viewOf(header);
  const little = byteOrder === 'little';
  const word = (index: number) =>
    size === 8
      ? Number(view.getBigUint64(8 + index * 8, little))
      : view.getUint32(8 + index * 4, little);
  // Go 1.18 and later have the text's address in the header and 32-bit distances; 1.16 has addresses, and so has 1.2 at once.
  const magic = header.readUInt8(little ? 0 : 3);
  if (magic === 0xfb) return readEntries(elf, offset, offset + 8 + size, word(0), size, null);
  if (magic === 0xfa) return readEntries(elf, offset, offset + word(6), word(0), size, null);
  const base = word(2);
  return readEntries(elf, offset, offset + word(7), word(0), 4, base);
}

function readEntries(
  elf: Elf,
  offset: number,
  at: number,
  count: number,
  width: number,
  base: number | null,
): Table | null {
  const length = (2 * count + 1) * width;
  if (count < 2 || count > mostFunctions || at < offset || at + length > elf.bytes.size)
    return null;
  const bytes = elf.bytes.read(at, length);
  const view = viewOf(bytes);
  const little = elf.header.byteOrder === 'little';
  const entry = (index: number) =>
    width === 4 ? view.getUint32(index * 4, little) : Number(view.getBigUint64(index * 8, little));
  const starts: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = entry(2 * index);
    if (index > 0 && start <= (starts[index - 1] ?? 0)) return null;
    starts.push(start);
  }
  const end = entry(2 * count);
  if (end <= (starts.at(-1) ?? 0)) return null;
  // Distances count from the text's address, which Go 1.26 no longer writes into the header.
  return { offset, starts, end, base: base === null ? 0 : base === 0 ? null : base };
}

/** Of Go's functions that many begin with a look at the stack's limit; of others none. */
const leastPrologues = 0.1;
/** Enough functions to find where the text begins. */
const voters = 256;

function place(elf: Elf, table: Table): GoFunctions | null {
  const patterns = prologuePatterns(elf);
  const base = table.base ?? (patterns === null ? textStart(elf) : electBase(elf, patterns, table));
  if (base === null) return null;
  const { starts, end } = table;
  const first = elf.fileOffset(BigInt(base + (starts[0] ?? 0)), 1);
  const last = elf.fileOffset(BigInt(base + end - 1), 1);
  if (first === null || last === null || last - first !== end - 1 - (starts[0] ?? 0)) return null;
  const isCode = executableRanges(elf).some((range) => range.offset <= first && last < range.end);
  if (!isCode) return null;
  if (patterns !== null) {
    const found = countPrologues(elf, patterns, base, starts);
    if (found < leastPrologues * starts.length) return null;
  }
  return { offset: table.offset, count: starts.length, start: first, end: last + 1 };
}

function textStart(elf: Elf): number | null {
  const [first] = executableRanges(elf);
  return first === undefined ? null : Number(first.address);
}

/** The base that places the first functions on most prologues. */
function electBase(elf: Elf, patterns: readonly Buffer[], { starts }: Table): number | null {
  const votes = new Map<number, number>();
  let best: number | null = null;
  for (const address of firstPrologues(elf, patterns)) {
    for (const start of starts.slice(0, 4 * voters)) {
      const base = address - start;
      if (base <= 0 || base % 16 !== 0) continue;
      const count = (votes.get(base) ?? 0) + 1;
      votes.set(base, count);
      if (best === null || count > (votes.get(best) ?? 0)) best = base;
    }
  }
  return best;
}

/** Lowest addresses at which one of the patterns lies, wherever functions begin. */
function firstPrologues(elf: Elf, patterns: readonly Buffer[]): readonly number[] {
  return executableRanges(elf)
    .flatMap((range) => {
      const addresses = { start: range.offset, end: range.end };
      return patterns
        .flatMap((code) => placesOfText(elf.bytes, code, addresses, voters))
        .map((at) => Number(range.address) + at - range.offset);
    })
    .sort((a, b) => a - b)
    .slice(0, voters);
}

/** How many of the functions begin with one of the patterns. `starts` ascend, as distances from `base`. */
function countPrologues(
  elf: Elf,
  patterns: readonly Buffer[],
  base: number,
  starts: readonly number[],
): number {
  const begins = new Uint8Array(starts.length);
  for (const { offset, end, address } of executableRanges(elf)) {
    // File offset of the text, for this range.
    const text = base - Number(address) + offset;
    let index = countBefore(starts, offset - text);
    for (const piece of piecesOf(elf.bytes, offset, end, longestPrologue)) {
      for (; text + (starts[index] ?? Infinity) < piece.end; index += 1) {
        const at = text + (starts[index] ?? 0) - piece.offset;
        if (patterns.some((code) => liesAt(piece.bytes, at, code))) begins[index] = 1;
      }
    }
  }
  return begins.reduce((sum, one) => sum + one, 0);
}

function liesAt(bytes: Buffer, at: number, code: Buffer): boolean {
  let index = 0;
  while (index < code.length && bytes[at + index] === code[index]) index += 1;
  return index === code.length;
}

/**
 * How functions begin that compare the stack pointer with the limit of the goroutine's stack; null on machines whose
 * form is not known. `cmp 0x10(%r14),%rsp` since Go 1.17, before it `mov %fs:-8,%rcx`; `ldr x16|x1,[x28,#16]`.
 */
function prologuePatterns({ header }: Elf): readonly Buffer[] | null {
  return header.bits === 64 ? (knownPrologues.get(header.machine) ?? null) : null;
}

const longestPrologue = 9;
const knownPrologues: ReadonlyMap<number, readonly Buffer[]> = new Map([
  [EM.X86_64, [Buffer.from('493b6610', 'hex'), Buffer.from('64488b0c25f8ffffff', 'hex')]],
  [EM.AARCH64, [Buffer.from('900b40f9', 'hex'), Buffer.from('810b40f9', 'hex')]],
]);
