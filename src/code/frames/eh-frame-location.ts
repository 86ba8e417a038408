import { tripleScan } from '../../byte-scan/triples.ts';
import { PF, PT } from '../../elf/constants.ts';
import { firstEndingAfter } from '../../elf/memory/memory-map.ts';
import type { Elf } from '../../elf/model.ts';
import { piecesOf } from '../../elf/reading/file-pieces.ts';
import type { Segment } from '../../elf/records.ts';
import { Cursor } from './cursor.ts';
import { readPointer } from './encoded-pointer.ts';

/** Where .eh_frame begins. */
export interface EhFrameLocation {
  readonly offset: number;
  readonly address: bigint;
  /** End of the file bytes in memory around it: the table ends there or before, at its terminator. */
  readonly end: number;
  /** How many descriptions .eh_frame_hdr lists; 0 where it does not say. */
  readonly listed: number;
}

/** Through PT_GNU_EH_FRAME, as an unwinder finds it; where the linker left that out, by the looks of its first record. */
export function locateEhFrame(elf: Elf): EhFrameLocation | null {
  const header = elf.segments.find(({ type }) => type === PT.GNU_EH_FRAME);
  if (header === undefined) return searchFirstRecord(elf);
  const found = readHeader(elf, header);
  return found === null ? null : locationOf(elf, found.address, found.listed);
}

/** .eh_frame_hdr: version 1, three encodings, then the pointer to .eh_frame, and the length of the list. */
function readHeader(
  elf: Elf,
  header: Segment,
): { readonly address: bigint; readonly listed: number } | null {
  const offset = elf.fileOffset(header.address, 4);
  if (offset === null) return null;
  const size = Math.min(16, elf.bytes.size - offset);
  const cursor = new Cursor(elf.bytes.read(offset, size), elf.header.byteOrder);
  const version = cursor.u8();
  const encoding = cursor.u8();
  const lengthEncoding = cursor.u8();
  cursor.skip(1);
  const start = header.address;
  const bases = { pointerSize: elf.header.bits === 64 ? 8 : 4, start, data: start } as const;
  const address = version === 1 ? readPointer(cursor, encoding, bases) : null;
  if (address === null) return null;
  const length = lengthEncoding === absoluteWord ? cursor.u32() : 0;
  return { address, listed: cursor.ok ? length : 0 };
}

/** DW_EH_PE_udata4, in which every linker writes the length. */
const absoluteWord = 0x03;

/**
 * An unwinder reads memory, and whole pages are mapped: p_filesz does not end the table. The page may contain bytes of
 * other sections after it, so reading continues only if the list gives the number of descriptions.
 */
function locationOf(elf: Elf, address: bigint, listed: number): EhFrameLocation | null {
  const offset = elf.fileOffset(address, 4);
  const piece = elf.memory[firstEndingAfter(elf.memory, address)];
  if (offset === null || piece === undefined || piece.offset === null) return null;
  const { segment } = piece;
  const mapped = Math.min(elf.bytes.size, offset + Number(piece.end - address));
  const end = endOf(elf, segment);
  return { offset, address, end: listed > 0 || offset >= end ? mapped : end, listed };
}

function endOf(elf: Elf, { offset, fileSize }: Segment): number {
  return Math.min(elf.bytes.size, Number(offset + fileSize));
}

/** Id 0, version 1 and an augmentation that begins with `z`: how gcc and LLVM begin every CIE. */
const recordHead = Buffer.from([0, 0, 0, 0, 1, 0x7a]);
/** Its end is rare, its beginning is not. */
const scanRecordHeads = tripleScan([
  { first: (byte) => byte === 0, second: (byte) => byte === 1, third: (byte) => byte === 0x7a },
]);
const longestRecord = 255;

/** A static executable of GNU ld has no PT_GNU_EH_FRAME: its table is found by a length before, and letters after, that head. */
function searchFirstRecord(elf: Elf): EhFrameLocation | null {
  for (const segment of elf.segments) {
    if (segment.type !== PT.LOAD || (segment.flags & PF.W) !== 0 || segment.fileSize === 0n)
      continue;
    if (segment.offset > BigInt(elf.bytes.size)) continue;
    const start = Number(segment.offset);
    const end = endOf(elf, segment);
    const offset = searchTable(elf, start, end);
    if (offset === null) continue;
    return { offset, address: segment.address + BigInt(offset - start), end, listed: 0 };
  }
  return null;
}

/** What is looked at of a record, and a length before it. */
const overlap = 32;

function searchTable(elf: Elf, start: number, end: number): number | null {
  for (const { offset, bytes } of piecesOf(elf.bytes, start, end, overlap)) {
    const at = firstTable(bytes, elf.header.byteOrder);
    if (at !== null) return offset + at;
  }
  return null;
}

function firstTable(bytes: Buffer, byteOrder: 'little' | 'big'): number | null {
  let first: number | null = null;
  scanRecordHeads(bytes, (findings, count, start) => {
    for (let index = 0; index < count && first === null; index += 1) {
      const head = start + (findings[index] ?? 0) - 3;
      if (head < 4 || !bytes.subarray(head, head + recordHead.length).equals(recordHead)) continue;
      if (beginsTable(bytes, head - 4, byteOrder)) first = head - 4;
    }
  });
  return first;
}

function beginsTable(bytes: Buffer, at: number, byteOrder: 'little' | 'big'): boolean {
  const length = byteOrder === 'little' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  const letters = bytes.subarray(at + 10, at + 16).toString('latin1');
  return at % 4 === 0 && length >= 12 && length <= longestRecord && /^[RPLSB]{1,4}\0/.test(letters);
}
