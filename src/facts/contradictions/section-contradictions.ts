import { LimitExceeded } from '../../base/errors.ts';
import { PF, PT, SHF, SHT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { Section, Segment } from '../../elf/records.ts';
import { hex } from '../file/header-offsets.ts';
import type { Contradiction } from './contradiction.ts';

/** More than a few of one sort say nothing new. */
const maxReported = 8;

/** No linked program has as many; each is compared with each segment. */
const maxSections = 65_535;

/**
 * Loaders never look at sections, disassemblers and scanners often look at nothing else. Only sections that claim
 * to be loaded (SHF_ALLOC) are compared; one without any segment around it contradicts nothing that runs.
 */
export function sectionContradictions(elf: Elf): Contradiction[] {
  const { sections, sectionDamage } = elf;
  if (sectionDamage !== null) return [unreadable(elf, sectionDamage)];
  if (sections.length > maxSections) {
    throw new LimitExceeded(`${sections.length} sections, at most ${maxSections} are compared`);
  }
  const loads = elf.segments.filter(({ type }) => type === PT.LOAD);
  return sections
    .filter(
      (section) =>
        (section.flags & SHF.ALLOC) !== 0n &&
        section.size > 0n &&
        !isThreadLocalZero(section) &&
        !isNowhere(section),
    )
    .flatMap((section) => contradictionsOf(elf, section, loads))
    .slice(0, maxReported);
}

/** Damage of the optional table is itself the finding; the loader does not read it. */
function unreadable(elf: Elf, damage: string): Contradiction {
  return {
    message: 'the section header table cannot be read',
    what: 'section headers',
    saw: damage,
    offset: elf.header.bits === 64 ? 0x28n : 0x20n,
  };
}

/** .tbss takes no room in memory: its address is that of whatever follows. */
function isThreadLocalZero({ type, flags }: Section): boolean {
  return type === SHT.NOBITS && (flags & SHF.TLS) !== 0n;
}

/**
 * Address 0 stands for none (gABI, "Section Header"), and linkers put the headers of the file there: tools that add data to a linked
 * file (LIEF, objcopy) leave the flag on. Code that is said to be there is another thing.
 */
function isNowhere({ address, flags }: Section): boolean {
  return address === 0n && (flags & (SHF.EXECINSTR | SHF.WRITE)) === 0n;
}

function contradictionsOf(elf: Elf, section: Section, loads: readonly Segment[]): Contradiction[] {
  const load = loads.findLast(
    ({ address, memorySize }) =>
      section.address >= address && section.address - address < memorySize,
  );
  if (load === undefined) return [];
  const found: Contradiction[] = [];
  const add = (message: string, what: string, saw: string) =>
    found.push({
      message: `section ${section.name || section.index} ${message}`,
      what,
      saw,
      offset: sectionHeaderOffset(elf, section),
    });
  const mapped = load.offset + (section.address - load.address);
  if (section.type !== SHT.NOBITS && section.offset !== mapped) {
    add(
      'shows other bytes than the loader maps at its address',
      'sh_offset, offset of sh_addr',
      `${hex(section.offset)}, ${hex(mapped)}`,
    );
  }
  if ((section.flags & SHF.EXECINSTR) !== 0n && (load.flags & PF.X) === 0) {
    add(
      'is marked executable in a segment that is not',
      'sh_flags, p_flags',
      `X, segment ${load.index} without E`,
    );
  }
  if ((section.flags & SHF.WRITE) !== 0n && (load.flags & PF.W) === 0) {
    add(
      'is marked writable in a segment that is not',
      'sh_flags, p_flags',
      `W, segment ${load.index} without W`,
    );
  }
  return found;
}

function sectionHeaderOffset({ header }: Elf, { index }: Section): bigint {
  return header.sectionHeaderOffset + BigInt(index * header.sectionHeaderSize);
}
