import { ET, PT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { Segment } from '../../elf/records.ts';
import { hex, programHeaderOffset } from '../file/header-offsets.ts';
import type { Contradiction } from './contradiction.ts';

/** A loader takes one of these; which one differs between the kernel, glibc, musl and tools. */
const singular: ReadonlyMap<number, string> = new Map([
  [PT.DYNAMIC, 'PT_DYNAMIC'],
  [PT.INTERP, 'PT_INTERP'],
  [PT.PHDR, 'PT_PHDR'],
  [PT.TLS, 'PT_TLS'],
  [PT.GNU_EH_FRAME, 'PT_GNU_EH_FRAME'],
  [PT.GNU_STACK, 'PT_GNU_STACK'],
  [PT.GNU_RELRO, 'PT_GNU_RELRO'],
]);

export function segmentContradictions(elf: Elf): Contradiction[] {
  const loads = elf.segments.filter(({ type }) => type === PT.LOAD);
  return [
    ...loads.flatMap((load) => ownContradictions(elf, load)),
    ...orderContradictions(elf, loads),
    ...repeatedSegments(elf),
  ];
}

function ownContradictions(elf: Elf, load: Segment): Contradiction[] {
  const found: Contradiction[] = [];
  const { index, fileSize, memorySize, offset, address, alignment } = load;
  const add = (message: string, what: string, saw: string) =>
    found.push({
      message: `PT_LOAD segment ${index} ${message}`,
      what,
      saw,
      offset: programHeaderOffset(elf, load),
    });
  if (fileSize > memorySize) {
    add(
      'has more bytes in the file than in memory',
      'p_filesz, p_memsz',
      `${hex(fileSize)}, ${hex(memorySize)}`,
    );
  }
  if (fileSize > 0n && offset + fileSize > BigInt(elf.bytes.size)) {
    add(
      'reaches beyond the end of the file',
      'p_offset + p_filesz, file size',
      `${hex(offset + fileSize)}, ${hex(BigInt(elf.bytes.size))}`,
    );
  }
  if ((alignment & (alignment - 1n)) !== 0n && alignment !== 0n) {
    add('has an alignment that is not a power of two', 'p_align', hex(alignment));
  } else if (alignment > 1n && offset % alignment !== address % alignment) {
    add(
      'is not congruent: offset and address differ modulo the alignment',
      'p_offset, p_vaddr, p_align',
      `${hex(offset)}, ${hex(address)}, ${hex(alignment)}`,
    );
  }
  if (elf.header.type === ET.EXEC && address === 0n && memorySize > 0n) {
    add('is at address 0, where null pointers lead', 'p_vaddr', '0x0');
  }
  if (address + memorySize > 1n << BigInt(elf.header.bits)) {
    add('reaches beyond the address space', 'p_vaddr + p_memsz', hex(address + memorySize));
  }
  return found;
}

/** The gABI wants PT_LOAD in ascending order of p_vaddr; loaders reserve from the first to the last. */
function orderContradictions(elf: Elf, loads: readonly Segment[]): Contradiction[] {
  const found: Contradiction[] = [];
  let previous: Segment | undefined;
  for (const load of loads) {
    if (previous !== undefined) {
      const saw = `${rangeOf(previous)} and ${rangeOf(load)}`;
      const place = { what: 'memory ranges', saw, offset: programHeaderOffset(elf, load) };
      const pair = `PT_LOAD segments ${previous.index} and ${load.index}`;
      if (load.address < previous.address)
        found.push({ message: `${pair} are not sorted by address`, ...place });
      if (overlap(previous, load)) found.push({ message: `${pair} overlap in memory`, ...place });
    }
    if (previous === undefined || endOf(load) >= endOf(previous)) previous = load;
  }
  return found;
}

function repeatedSegments(elf: Elf): Contradiction[] {
  return [...singular].flatMap(([type, name]) => {
    const all = elf.segments.filter((segment) => segment.type === type);
    const last = all.at(-1);
    if (last === undefined || all.length < 2) return [];
    const message = `there are ${all.length} ${name} segments, where one is allowed`;
    return [
      {
        message,
        what: name,
        saw: `${all.length} segments`,
        offset: programHeaderOffset(elf, last),
      },
    ];
  });
}

function overlap(one: Segment, other: Segment): boolean {
  return one.address < endOf(other) && other.address < endOf(one);
}

function endOf({ address, memorySize }: Segment): bigint {
  return address + memorySize;
}

function rangeOf(segment: Segment): string {
  return `${hex(segment.address)} to ${hex(endOf(segment))}`;
}
