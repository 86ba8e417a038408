import { MalformedElf } from '../../base/errors.ts';
import { DF_1, DT, PT } from '../constants.ts';
import { segmentsIn } from '../headers/elf-header.ts';
import type { Bytes } from '../reading/bytes.ts';
import { readWord, viewOf, wordSize } from '../reading/layout.ts';
import { hex } from '../reading/narrow.ts';
import type { FileHeader, Segment } from '../records.ts';
import { type AddressMap, addressMap } from './address-map.ts';
import { isMappedByKernel, type MappedPiece, memoryMap } from './memory-map.ts';

/** The file in the memory of a process. */
export interface Mapping {
  readonly memory: readonly MappedPiece[];
  readonly addresses: AddressMap;
  /** The kernel maps it. A library is mapped by a loader. */
  readonly isProgram: boolean;
}

/** What a dynamic loader takes for the program headers, which need not be what the kernel took. */
export interface LoaderHeaders {
  /** Those of a program lie in memory (AT_PHDR), where another segment may lie over them; a library's are read from the file. */
  readonly segments: readonly Segment[];
  /**
   * What the loader adds to the addresses of a program in addition to what the kernel added: it takes the program to begin where
   * PT_PHDR says that its headers are. 0 but in forged files.
   */
  readonly shift: bigint;
}

export function mappingOf(bytes: Bytes, header: FileHeader, segments: readonly Segment[]): Mapping {
  const memory = memoryMap(header, segments, 'kernel');
  const addresses = addressMap(bytes, memory);
  const isProgram = isMappedByKernel(header, segments) || isStaticPie(header, segments, addresses);
  if (isProgram) return { memory, addresses, isProgram };
  const byLoader = memoryMap(header, segments, 'glibc');
  return { memory: byLoader, addresses: addressMap(bytes, byLoader), isProgram };
}

/**
 * The program headers of a process as it reads them itself, at AT_PHDR: a loader, or the start code of a static program,
 * which finds PT_GNU_RELRO and PT_GNU_STACK there. A library's are those of its file.
 */
export function headersOfProcess(
  header: FileHeader,
  segments: readonly Segment[],
  { addresses, isProgram }: Mapping,
): readonly Segment[] {
  const place = isProgram ? headersInMemory(header, segments) : null;
  return place === null ? segments : segmentsAt(header, segments, addresses, place);
}

export function loaderHeaders(
  header: FileHeader,
  segments: readonly Segment[],
  { addresses, isProgram }: Mapping,
): LoaderHeaders {
  const hasInterpreter = segments.some(({ type }) => type === PT.INTERP);
  const place = isProgram && hasInterpreter ? headersInMemory(header, segments) : null;
  if (place === null) return { segments, shift: 0n };
  const seen = segmentsAt(header, segments, addresses, place);
  const own = seen.findLast(({ type }) => type === PT.PHDR);
  return {
    segments: seen,
    shift: own === undefined ? 0n : BigInt.asIntN(header.bits, place - own.address),
  };
}

/**
 * Where the loader finds the dynamic section. Throws MalformedElf where the headers in memory have none, and those of the
 * file do: the loader goes on as with a static program, which nothing that was linked against libraries survives. Likewise
 * where it would find no memory.
 */
export function loaderDynamic(
  header: FileHeader,
  segments: readonly Segment[],
  loader: LoaderHeaders,
  addresses: AddressMap,
): Segment | undefined {
  const found = dynamicSegment(header, loader.segments);
  const isStarted = segments.some(({ type }) => type === PT.INTERP);
  if (isStarted && found !== undefined && found.fileSize > 0n) {
    if (addresses.pieceAt(found.address) === null) {
      throw new MalformedElf(
        `PT_DYNAMIC is at address ${hex(found.address)}, where no PT_LOAD segment is mapped`,
      );
    }
  }
  const lost = found === undefined ? dynamicSegment(header, segments) : undefined;
  if (lost === undefined) return found;
  throw new MalformedElf(
    `the program headers in memory have no PT_DYNAMIC, expected that of program header ${lost.index}: another segment lies over them`,
  );
}

/** The last one counts. glibc passes over those of libraries that have no bytes in the file. */
export function dynamicSegment(
  header: FileHeader,
  segments: readonly Segment[],
): Segment | undefined {
  const all = segments.filter(({ type }) => type === PT.DYNAMIC);
  if (isMappedByKernel(header, segments)) return all.at(-1);
  return all.findLast(({ fileSize }) => fileSize > 0n) ?? all.at(-1);
}

/** AT_PHDR: by the last segment whose file bytes hold e_phoff (load_elf_binary); null where none does. */
function headersInMemory(header: FileHeader, segments: readonly Segment[]): bigint | null {
  const at = header.programHeaderOffset;
  const holder = segments.findLast(
    ({ type, offset, fileSize }) => type === PT.LOAD && offset <= at && at < offset + fileSize,
  );
  return holder === undefined ? null : at - holder.offset + holder.address;
}

function segmentsAt(
  header: FileHeader,
  segments: readonly Segment[],
  addresses: AddressMap,
  place: bigint,
): readonly Segment[] {
  const size = segments.length * header.programHeaderSize;
  const isAsInFile = addresses.fileOffset(place, size) === Number(header.programHeaderOffset);
  if (isAsInFile) return segments;
  return segmentsIn(addresses.read(place, size, 'AT_PHDR'), header);
}

/** By what linkers write into programs only. No dynamic section at all: no loader could use it. */
function isStaticPie(
  header: FileHeader,
  segments: readonly Segment[],
  addresses: AddressMap,
): boolean {
  const segment = dynamicSegment(header, segments);
  if (segment === undefined) return true;
  const table = addresses.bytesFrom(segment.address);
  if (table === null) return false;
  const word = wordSize(header);
  const view = viewOf(table.read(0, Math.min(table.size, maxTable)));
  for (let at = 0; at + 2 * word <= view.byteLength; at += 2 * word) {
    const tag = readWord(view, at, header);
    if (tag === 0n) return false;
    if (tag === BigInt(DT.DEBUG)) return true;
    if (tag !== BigInt(DT.FLAGS_1)) continue;
    if ((readWord(view, at + word, header) & BigInt(DF_1.PIE)) !== 0n) return true;
  }
  return false;
}

/** Bytes of a dynamic section that are looked through for it. */
const maxTable = 4096;
