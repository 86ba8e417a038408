import { MalformedElf } from '../../base/errors.ts';
import { type Bytes, bytesFrom, partOfBytes } from '../reading/bytes.ts';
import { hex } from '../reading/narrow.ts';
import { firstEndingAfter, type MappedPiece } from './memory-map.ts';

/** Reads memory as it is once the file is mapped (memory-map.ts). */
export interface AddressMap {
  /** As Elf.fileOffset. */
  fileOffset(address: bigint, length: number): number | null;
  /** The file bytes from `address` on, to the first address with other memory or none; null when there are none. */
  bytesFrom(address: bigint): LoadedBytes | null;
  /** `length` bytes at `address`, zeros included; throws MalformedElf when there is no memory of the file. */
  read(address: bigint, length: number, what: string): Buffer;
  /** The piece that holds the address. */
  pieceAt(address: bigint): MappedPiece | null;
}

export interface LoadedBytes extends Bytes {
  /** In the file. */
  readonly offset: number;
  /** Whether zeros follow them in memory. */
  readonly zeroPadded: boolean;
}

export function addressMap(bytes: Bytes, memory: readonly MappedPiece[]): AddressMap {
  const size = BigInt(bytes.size);
  let last: MappedPiece | null = null;

  function pieceAt(address: bigint): MappedPiece | null {
    if (last !== null && address >= last.start && address < last.end) return last;
    const piece = memory[firstEndingAfter(memory, address)];
    if (piece === undefined || address < piece.start) return null;
    last = piece;
    return piece;
  }

  function fileOffset(address: bigint, length: number): number | null {
    const piece = pieceAt(address);
    if (piece === null || piece.offset === null) return null;
    const offset = piece.offset + (address - piece.start);
    const end = offset + BigInt(length);
    if (offset < 0n || offset >= size || end > size) return null;
    const isWhole = address + BigInt(length) <= piece.end;
    if (!isWhole && !continues(piece, address + BigInt(length))) return null;
    return Number(offset);
  }

  /** Whether the file goes on in memory as it does on disk. */
  function continues(first: MappedPiece, end: bigint): boolean {
    let piece = first;
    while (piece.end < end) {
      const next = pieceAt(piece.end);
      if (next === null || !isContinuation(piece, next)) return false;
      piece = next;
    }
    return true;
  }

  function loaded(address: bigint): LoadedBytes | null {
    const first = pieceAt(address);
    if (first === null || first.offset === null) return null;
    const offset = first.offset + (address - first.start);
    if (offset < 0n || offset > size) return null;
    let length = 0n;
    let isEven = true;
    let piece: MappedPiece | null = first;
    let isCut = false;
    while (piece !== null && piece.offset !== null && !isCut) {
      const inMemory: bigint = piece.end - (length === 0n ? address : piece.start);
      const inFile: bigint = size - (piece.offset + (piece.end - inMemory - piece.start));
      isCut = inFile < inMemory;
      length += isCut ? max(inFile, 0n) : inMemory;
      const next = pieceAt(piece.end);
      if (!isCut && next !== null && next.offset !== null) isEven &&= isContinuation(piece, next);
      piece = next;
    }
    const source = isEven
      ? partOfBytes(bytes, Number(offset), Number(length))
      : bytesFrom(Number(length), (at, count) => read(address + BigInt(at), count, 'memory'));
    return { ...source, offset: Number(offset), zeroPadded: !isCut && piece !== null };
  }

  function read(address: bigint, length: number, what: string): Buffer {
    const offset = fileOffset(address, length);
    if (offset !== null) return bytes.read(offset, length);
    const missing = () =>
      new MalformedElf(
        `${what}: ${length} bytes at address ${hex(address)} are not in the file bytes of a PT_LOAD segment`,
      );
    // Zeros cost nothing in a file: no table is longer than it.
    if (length > bytes.size) throw missing();
    const parts: Buffer[] = [];
    const end = address + BigInt(length);
    for (let at = address; at < end; ) {
      const piece = pieceAt(at);
      if (piece === null) throw missing();
      const until = piece.end < end ? piece.end : end;
      parts.push(contentOf(piece, at, Number(until - at), missing));
      at = until;
    }
    return Buffer.concat(parts);
  }

  /** Behind the end of the file its last page has zeros; pages behind that one cannot be read. */
  function contentOf(piece: MappedPiece, at: bigint, length: number, missing: () => Error): Buffer {
    if (piece.offset === null) return Buffer.alloc(length);
    const start = piece.offset + (at - piece.start);
    if (start < 0n || start + BigInt(length) > size) throw missing();
    return bytes.read(Number(start), length);
  }

  return { fileOffset, bytesFrom: loaded, read, pieceAt };
}

/** The same memory, every address `shift` lower. */
export function shiftedMap(map: AddressMap, shift: bigint): AddressMap {
  if (shift === 0n) return map;
  return {
    fileOffset: (address, length) => map.fileOffset(address + shift, length),
    bytesFrom: (address) => map.bytesFrom(address + shift),
    read: (address, length, what) => map.read(address + shift, length, what),
    pieceAt: (address) => map.pieceAt(address + shift),
  };
}

function isContinuation(piece: MappedPiece, next: MappedPiece): boolean {
  return (
    next.start === piece.end &&
    piece.offset !== null &&
    next.offset === piece.offset + (piece.end - piece.start)
  );
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
