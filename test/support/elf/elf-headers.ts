import { ET, PF, PT } from '../../../src/elf/constants.ts';
import { wordSize } from '../../../src/elf/reading/layout.ts';
import type { CompleteDescription } from './elf-description.ts';
import { pack } from './elf-encoding.ts';
import { hasSections, type Part, sectionList } from './elf-parts.ts';
import type { Region } from './elf-sections.ts';

interface ProgramHeader extends Region {
  readonly type: number;
  readonly flags: number;
  readonly alignment: number;
}

const nowhere: Region = { offset: 0, address: 0n, size: 0 };

/** The file header and the program headers. */
export function headers(elf: CompleteDescription): Part {
  return {
    name: 'headers',
    make(region) {
      const programs = programHeaders(elf, region);
      const records = programs.map((program) => programHeader(elf, program));
      return Buffer.concat([fileHeader(elf, programs.length, region), ...records]);
    },
  };
}

function fileHeader(
  elf: CompleteDescription,
  programCount: number,
  region: (name: string) => Region,
): Buffer {
  const is64 = elf.bits === 64;
  const sectionCount = hasSections(elf) ? sectionList(elf).length + 1 : 0;
  const ident = Buffer.from([
    ...Buffer.from('\x7fELF'),
    is64 ? 2 : 1,
    elf.byteOrder === 'little' ? 1 : 2,
    1,
    elf.osAbi,
    ...Buffer.alloc(8),
  ]);
  const size = is64 ? 64 : 52;
  const record = pack(
    elf,
    'HHIWWWIHHHHHH',
    elf.type,
    elf.machine,
    1,
    elf.entry,
    programCount > 0 ? size : 0,
    sectionCount > 0 ? region('section headers').offset : 0,
    0,
    size,
    is64 ? 56 : 32,
    programCount,
    is64 ? 64 : 40,
    sectionCount,
    Math.max(sectionCount - 1, 0),
  );
  return Buffer.concat([ident, record]);
}

function programHeader(elf: CompleteDescription, program: ProgramHeader): Buffer {
  const { type, flags, offset, address, size, alignment } = program;
  return elf.bits === 64
    ? pack(elf, 'IIQQQQQQ', type, flags, offset, address, address, size, size, alignment)
    : pack(elf, 'IIIIIIII', type, offset, address, address, size, size, flags, alignment);
}

function programHeaders(
  elf: CompleteDescription,
  region: (name: string) => Region,
): readonly ProgramHeader[] {
  if (elf.type === ET.REL) return [];
  const covering = (type: number, flags: number, place: Region, alignment = 1): ProgramHeader => ({
    ...place,
    type,
    flags,
    alignment,
  });
  const [codeFlags, dataFlags] = elf.loadFlags ?? [PF.R | PF.X, PF.R | PF.W];
  const alignments = new Set(elf.notes?.map(({ alignment }) => alignment ?? 4));
  const dynamic = region('dynamic');
  return [
    ...(elf.interpreter === undefined ? [] : [covering(PT.INTERP, PF.R, region('interpreter'))]),
    covering(PT.LOAD, codeFlags, span(region('headers'), region('code'))),
    ...(elf.isDynamic ? [covering(PT.LOAD, dataFlags, span(dynamic, region('data')))] : []),
    ...(elf.isDynamic ? [covering(PT.DYNAMIC, PF.R | PF.W, dynamic)] : []),
    ...[...alignments].map((alignment) =>
      covering(PT.NOTE, PF.R, region(`notes${alignment}`), alignment),
    ),
    ...(elf.relroWords === undefined
      ? []
      : [covering(PT.GNU_RELRO, PF.R, relro(elf, elf.relroWords, region))]),
    ...(elf.segments ?? []).map(({ type, flags, region: name, alignment }) =>
      covering(type, flags, name === undefined ? nowhere : region(name), alignment ?? 1),
    ),
  ];
}

function relro(elf: CompleteDescription, words: number, region: (name: string) => Region): Region {
  const whole = span(region('dynamic'), region('data'));
  return { ...whole, size: whole.size - (elf.dataWords - words) * wordSize(elf) };
}

function span(first: Region, last: Region): Region {
  return { ...first, size: last.offset + last.size - first.offset };
}
