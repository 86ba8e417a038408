import elfy from 'elfy';
import { MalformedElf } from '../../base/errors.ts';
import {
  fileLayout,
  headerSize,
  machineOfNumber,
  programHeaderSize,
  sectionHeaderSize,
} from '../memory/file-layout.ts';
import type { Bytes } from '../reading/bytes.ts';
import { demandContent } from '../reading/demand-content.ts';
import { isLittleEndian, type Layout, viewOf } from '../reading/layout.ts';
import { narrow } from '../reading/narrow.ts';
import type { FileHeader, Segment } from '../records.ts';

/*
 * The file header, by elfy, and the program headers. What elfy 1.0.0 does not get right is completed here:
 * - it gives names for enumerations, and `undefined` for those it does not know: type, machine and flags are read raw;
 * - it reads EI_OSABI and EI_ABIVERSION one byte too early;
 * - its 64-bit values are inexact above 2^53 (`exact` below);
 * - it reads by EI_CLASS and EI_DATA, which most kernels ignore: it gets a header with those that count (file-layout.ts);
 * - it does not know the escapes of the gABI for large counts (PN_XNUM, e_shnum 0, SHN_XINDEX);
 * - `parsePrograms` takes entries of any size, and reads beyond small ones; and it makes text of each flag and cuts out the
 *   bytes of each segment, which nothing needs: so program headers are checked and read here.
 */

const magic = Buffer.from('\x7fELF', 'latin1');
/** e_phnum of a file with this many program headers or more: section 0's sh_info holds the number. */
const PN_XNUM = 0xffff;
/** e_shstrndx that does not fit: section 0's sh_link holds it. */
const SHN_XINDEX = 0xffff;

export function readFileHeader(bytes: Bytes): FileHeader {
  demandMagic(bytes);
  const layout = fileLayout(bytes);
  const { header, buffer } = parseHeader(bytes, layout);
  const view = viewOf(buffer);
  const little = isLittleEndian(layout);
  const own: FileHeader = {
    ...layout,
    osAbi: view.getUint8(7),
    abiVersion: view.getUint8(8),
    type: view.getUint16(16, little),
    machine: machineOfNumber(view.getUint16(18, little)),
    version: header.version,
    entry: exact(header.entry, view, 24, little),
    programHeaderOffset: exact(header.phoff, view, 32, little),
    sectionHeaderOffset: exact(header.shoff, view, 40, little),
    flags: header.flags,
    programHeaderCount: header.phnum,
    programHeaderSize: header.phentsize,
    sectionHeaderCount: header.shnum,
    sectionHeaderSize: header.shentsize,
    sectionNameIndex: header.shstrndx,
  };
  return { ...own, ...largeCounts(bytes, own) };
}

export function readSegments(bytes: Bytes, header: FileHeader): readonly Segment[] {
  const { programHeaderCount: count, programHeaderSize: size } = header;
  if (count === 0) return [];
  const expected = programHeaderSize[header.bits];
  if (size !== expected) {
    // The kernel and every loader refuse any other size.
    throw new MalformedElf(`program header size is ${size}, expected ${expected}`);
  }
  const offset = narrow(header.programHeaderOffset, 'the program header offset');
  const table = bytes.read(offset, count * size);
  demandContent(table, 'the program header table');
  return segmentsIn(table, header);
}

/** The program headers of a whole table. */
export function segmentsIn(table: Buffer, header: FileHeader): readonly Segment[] {
  const view = viewOf(table);
  const size = header.programHeaderSize;
  const little = isLittleEndian(header);
  const read = header.bits === 64 ? wideSegment : narrowSegment;
  return Array.from({ length: table.length / size }, (_, index) =>
    read(view, index * size, little, index),
  );
}

function wideSegment(view: DataView, at: number, little: boolean, index: number): Segment {
  return {
    index,
    type: view.getUint32(at, little),
    flags: view.getUint32(at + 4, little),
    offset: view.getBigUint64(at + 8, little),
    address: view.getBigUint64(at + 16, little),
    physicalAddress: view.getBigUint64(at + 24, little),
    fileSize: view.getBigUint64(at + 32, little),
    memorySize: view.getBigUint64(at + 40, little),
    alignment: view.getBigUint64(at + 48, little),
  };
}

function narrowSegment(view: DataView, at: number, little: boolean, index: number): Segment {
  const word = (field: number) => BigInt(view.getUint32(at + field, little));
  return {
    index,
    type: view.getUint32(at, little),
    flags: view.getUint32(at + 24, little),
    offset: word(4),
    address: word(8),
    physicalAddress: word(12),
    fileSize: word(16),
    memorySize: word(20),
    alignment: word(28),
  };
}

function demandMagic(bytes: Bytes): void {
  const start = bytes.read(0, 4);
  if (start.equals(magic)) return;
  throw new MalformedElf(`the first 4 bytes are ${start.toString('hex')}, expected 7f454c46`);
}

function parseHeader(
  bytes: Bytes,
  { bits, byteOrder }: Layout,
): { readonly header: elfy.ElfyHeader; readonly buffer: Buffer } {
  const buffer = Buffer.from(bytes.read(0, headerSize[bits]));
  buffer[4] = bits === 64 ? 2 : 1;
  buffer[5] = byteOrder === 'little' ? 1 : 2;
  return { header: new elfy.Parser().parseHeader(buffer), buffer };
}

/** elfy's value where a number holds it exactly, else the 64-bit field at `at` (only 64-bit files have such values). */
function exact(value: number, view: DataView, at: number, little: boolean): bigint {
  return Number.isSafeInteger(value) ? BigInt(value) : view.getBigUint64(at, little);
}

/**
 * Counts that do not fit their 16-bit fields stand in section header 0 (gABI chapter 4). When that header is
 * missing, the fields count as they are: section headers never decide whether program headers can be read.
 */
function largeCounts(bytes: Bytes, header: FileHeader): Partial<FileHeader> {
  const escaped =
    header.programHeaderCount === PN_XNUM ||
    header.sectionHeaderCount === 0 ||
    header.sectionNameIndex === SHN_XINDEX;
  const size = sectionHeaderSize[header.bits];
  const { sectionHeaderOffset: offset } = header;
  if (!escaped || offset === 0n || offset + BigInt(size) > BigInt(bytes.size)) return {};
  const view = viewOf(bytes.read(Number(offset), size));
  const little = isLittleEndian(header);
  const sectionCount =
    header.bits === 64 ? view.getBigUint64(32, little) : BigInt(view.getUint32(20, little));
  const link = view.getUint32(header.bits === 64 ? 40 : 24, little);
  const info = view.getUint32(header.bits === 64 ? 44 : 28, little);
  return {
    ...(header.programHeaderCount === PN_XNUM && info !== 0 && { programHeaderCount: info }),
    ...(header.sectionHeaderCount === 0 && { sectionHeaderCount: Number(sectionCount) }),
    ...(header.sectionNameIndex === SHN_XINDEX && { sectionNameIndex: link }),
  };
}
