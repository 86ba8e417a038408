import { hash } from 'node:crypto';
import type { OtherAlgorithm } from '../base/package-managers.ts';
import type { RandomAccess } from '../base/random-access.ts';

/** Where the bytes of a file lie, for every thread of this process. Plain data that is sent to threads. */
export type Place = InMemory | InFile;

export interface InMemory {
  readonly kind: 'memory';
  /** Shared, so that it survives a thread that dies. */
  readonly memory: SharedArrayBuffer;
  readonly offset: number;
  readonly length: number;
  /** Requested in addition to SHA-256. */
  readonly digests: readonly OtherAlgorithm[];
}

export interface InFile {
  readonly kind: 'file';
  readonly descriptor: number;
  readonly offset: number;
  readonly length: number;
  /** As in InMemory. */
  readonly digests: readonly OtherAlgorithm[];
}

/** A request to extract an ELF file. Plain data that is sent between threads. */
export interface PlacedElf {
  readonly place: Place;
  /** By `lookOf`: files that are equal look alike. */
  readonly look: string;
}

/** An ELF file on its way to extraction: its bytes stay where they are, unchanged, until it is released. */
export interface ElfContent extends PlacedElf {
  /** Its first bytes, `lookSize` of them where there are so many. */
  readonly head: Buffer;
  readonly bytes: RandomAccess;
  /** To be called once. */
  release(): void;
}

/** Enough first bytes to distinguish most files: linkers put the build ID after the headers. */
export const lookSize = 4096;

/** `head` is as in ElfContent, `size` that of the whole file. */
export function lookOf(head: Buffer, size: number): string {
  return `${size} ${hash('sha1', head, 'base64')}`;
}

/** A copy where the memory is not shared. */
export function placeOf(
  { buffer, byteOffset, byteLength }: Buffer,
  digests: readonly OtherAlgorithm[] = [],
): InMemory {
  const place = { kind: 'memory', length: byteLength, digests } as const;
  if (buffer instanceof SharedArrayBuffer) return { ...place, memory: buffer, offset: byteOffset };
  const memory = new SharedArrayBuffer(byteLength);
  new Uint8Array(memory).set(new Uint8Array(buffer, byteOffset, byteLength));
  return { ...place, memory, offset: 0 };
}
