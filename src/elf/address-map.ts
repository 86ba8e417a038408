import { LimitExceeded, MalformedElf } from '../errors.ts';
import { type Bytes, partOfBytes } from './bytes.ts';
import { PT } from './constants.ts';
import type { Segment } from './model.ts';
import { hex } from './narrow.ts';

/** Where the loader finds the bytes of a virtual address: the PT_LOAD segments. */
export interface AddressMap {
  /** As Elf.fileOffset. */
  fileOffset(address: bigint, length: number): number | null;
  /** The file bytes from `address` to the end of the PT_LOAD that holds it; null when it has none there. */
  bytesFrom(address: bigint): LoadedBytes | null;
  /** `length` bytes at `address`; throws MalformedElf when they are not file-backed. */
  read(address: bigint, length: number, what: string): Buffer;
}

export interface LoadedBytes extends Bytes {
  /** In the file. */
  readonly offset: number;
  /** Whether the loader appends zeros (p_memsz > p_filesz). */
  readonly zeroPadded: boolean;
}

/** Linux maps no file with more than 64 KiB of program headers (fs/binfmt_elf.c): 2,048 of the smaller kind. */
const maxLoads = 2048;

export function addressMap(bytes: Bytes, segments: readonly Segment[]): AddressMap {
  const loads = segments.filter((segment) => segment.type === PT.LOAD && segment.fileSize > 0n);
  // Later segments are mapped over earlier ones, so the last that holds an address wins.
  loads.reverse();

  function holding(address: bigint): Segment | null {
    if (loads.length > maxLoads) {
      throw new LimitExceeded(`${loads.length} PT_LOAD segments, Linux maps at most ${maxLoads}`);
    }
    const found = loads.find(
      (load) => address >= load.address && address - load.address < load.fileSize,
    );
    return found ?? null;
  }

  function fileOffset(address: bigint, length: number): number | null {
    const load = holding(address);
    if (load === null) return null;
    const within = address - load.address;
    const offset = load.offset + within;
    const fits =
      within + BigInt(length) <= load.fileSize && offset + BigInt(length) <= BigInt(bytes.size);
    return fits ? Number(offset) : null;
  }

  return {
    fileOffset,
    bytesFrom(address) {
      const load = holding(address);
      if (load === null) return null;
      const offset = load.offset + (address - load.address);
      if (offset > BigInt(bytes.size)) return null;
      const end = load.offset + load.fileSize;
      const whole = end <= BigInt(bytes.size);
      const length = Number((whole ? end : BigInt(bytes.size)) - offset);
      return {
        ...partOfBytes(bytes, Number(offset), length),
        offset: Number(offset),
        zeroPadded: whole && load.memorySize > load.fileSize,
      };
    },
    read(address, length, what) {
      const offset = fileOffset(address, length);
      if (offset === null) {
        throw new MalformedElf(
          `${what}: ${length} bytes at address ${hex(address)} are not in the file bytes of a PT_LOAD segment`,
        );
      }
      return bytes.read(offset, length);
    },
  };
}
