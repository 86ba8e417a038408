import { EM, ET, PF, PT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { optional } from '../../elf/reading/witness.ts';
import type { Segment } from '../../elf/records.ts';
import { hex, programHeaderOffset } from '../file/header-offsets.ts';
import { allLoaderWrites } from '../link-tables/loader-writes.ts';
import type { Contradiction } from './contradiction.ts';

/** Read by address by a loader and by offset by tools, or (PT_INTERP) the other way round. */
const inMemoryToo: ReadonlyMap<number, string> = new Map([
  [PT.DYNAMIC, 'PT_DYNAMIC'],
  [PT.INTERP, 'PT_INTERP'],
  [PT.PHDR, 'PT_PHDR'],
  [PT.GNU_EH_FRAME, 'PT_GNU_EH_FRAME'],
]);

/** e_entry is the address of a function descriptor, in data (ppc64 with ELFv1 likewise). */
const descriptorMachines: readonly number[] = [EM.IA_64, EM.PARISC];

export function viewContradictions(elf: Elf): Contradiction[] {
  return [
    ...elf.segments.flatMap((segment) => placeContradiction(elf, segment)),
    ...entryContradiction(elf),
    ...interpreterContradiction(elf),
    ...relocationContradiction(elf),
  ];
}

function placeContradiction(elf: Elf, segment: Segment): Contradiction[] {
  const name = inMemoryToo.get(segment.type);
  if (name === undefined || segment.fileSize === 0n) return [];
  const loaded = elf.fileOffset(segment.address, 1);
  if (loaded !== null && BigInt(loaded) === segment.offset) return [];
  return [
    {
      message:
        loaded === null
          ? `${name} is at an address that no PT_LOAD segment fills from the file`
          : `${name} names one place by file offset and another by address`,
      what: `${name}: p_offset, offset of p_vaddr`,
      saw: `${hex(segment.offset)}, ${loaded === null ? 'none' : hex(BigInt(loaded))}`,
      offset: programHeaderOffset(elf, segment),
    },
  ];
}

function entryContradiction(elf: Elf): Contradiction[] {
  const { entry, machine, flags } = elf.header;
  const descriptors =
    descriptorMachines.includes(machine) || (machine === EM.PPC64 && (flags & 3) !== 2);
  if (entry === 0n || descriptors || !elf.segments.some(({ type }) => type === PT.LOAD)) return [];
  const inCode = elf.memory.some(
    ({ flags, start, end }) => (flags & PF.X) !== 0 && entry >= start && entry < end,
  );
  // Libraries are not entered; old linkers wrote the start of a section there.
  if (inCode || (elf.header.type === ET.DYN && elf.interpreter === null)) return [];
  return [
    {
      message: 'the entry point lies outside every executable segment',
      what: 'e_entry',
      saw: hex(entry),
      offset: 0x18n,
    },
  ];
}

/** Linux refuses a PT_INTERP without its NUL (fs/binfmt_elf.c). */
function interpreterContradiction(elf: Elf): Contradiction[] {
  const segment = elf.segments.find(({ type }) => type === PT.INTERP);
  if (segment === undefined || segment.fileSize === 0n) return [];
  const last = segment.offset + segment.fileSize - 1n;
  if (last >= BigInt(elf.bytes.size) || elf.bytes.read(Number(last), 1)[0] === 0) return [];
  return [
    {
      message: 'PT_INTERP does not end with a NUL byte',
      what: 'PT_INTERP',
      saw: 'no NUL',
      offset: last,
    },
  ];
}

/** A loader writes there, and dies or changes what belongs to another file. */
function relocationContradiction(elf: Elf): Contradiction[] {
  const unmapped = optional(() => allLoaderWrites(elf).unmapped);
  if (unmapped === null || unmapped.first === null) return [];
  const { count, first } = unmapped;
  return [
    {
      message: `${count === 1 ? '1 relocation is' : `${count} relocations are`} for memory that no segment maps`,
      what: 'first relocation for memory that no segment maps',
      saw: `at address ${hex(first)}`,
    },
  ];
}
