import type { Evidence } from '../../base/verdict.ts';
import { dynamicSegment } from '../../elf/memory/loader-view.ts';
import type { Elf } from '../../elf/model.ts';
import { wordSize } from '../../elf/reading/layout.ts';
import type { DynamicEntry, Segment } from '../../elf/records.ts';

/** File offset of a segment's program header. */
export function programHeaderOffset({ header }: Elf, segment: Segment): bigint {
  return header.programHeaderOffset + BigInt(segment.index * header.programHeaderSize);
}

/** File offset of a segment's p_flags, which the two classes keep in different places. */
export function segmentFlagsOffset(elf: Elf, segment: Segment): bigint {
  return programHeaderOffset(elf, segment) + (elf.header.bits === 64 ? 4n : 24n);
}

/** As readelf writes p_flags: `RWE`. */
export function segmentFlags({ flags }: Segment): string {
  const letters = `${flags & 4 ? 'R' : ''}${flags & 2 ? 'W' : ''}${flags & 1 ? 'E' : ''}`;
  return letters === '' ? 'none' : letters;
}

export interface PlacedEntry extends DynamicEntry {
  /** File offset of the entry; null where no file bytes hold it. */
  readonly offset: bigint | null;
}

/**
 * The entry of a dynamic tag that counts: glibc (elf_get_dynamic_info) and musl (decode_vec) both let the last of
 * several entries win.
 */
export function lastDynamicEntry(elf: Elf, tag: number): PlacedEntry | null {
  const index = elf.dynamic?.findLastIndex((entry) => entry.tag === tag) ?? -1;
  const entry = elf.dynamic?.[index];
  if (entry === undefined) return null;
  return { ...entry, offset: dynamicEntryOffset(elf, index) };
}

function dynamicEntryOffset(elf: Elf, index: number): bigint | null {
  const segment = dynamicSegment(elf.header, elf.loaderSegments);
  if (segment === undefined) return null;
  const size = 2 * wordSize(elf.header);
  const offset = elf.fileOffset(segment.address + BigInt(index * size), size);
  return offset === null ? null : BigInt(offset);
}

export function evidence(what: string, saw: string, offset: bigint | null = null): Evidence {
  return offset === null ? { what, saw } : { what, saw, offset };
}

export function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
