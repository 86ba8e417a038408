import { DF, DF_1, DT, SHN, STT } from '../../src/elf/constants.ts';
import {
  fileTypeName,
  flagsText,
  machineName,
  segmentTypeName,
} from '../../src/elf/headers/names.ts';
import type { Elf } from '../../src/elf/model.ts';
import type { ElfSymbol, Segment } from '../../src/elf/records.ts';

/** What this project's reader says of a file, in the words of readelf. */
export function ownAnswers(elf: Elf): ReadonlyMap<string, readonly string[]> {
  const { header } = elf;
  const answers = new Map<string, readonly string[]>([
    ['class', [`ELF${header.bits}`]],
    ['byte order', [`${header.byteOrder} endian`]],
    ['type', [fileTypeName(header.type)]],
    ['machine', [machineName(header.machine)]],
    ['entry', [hex(header.entry)]],
    ['section count', [String(header.sectionHeaderCount)]],
    ['segments', elf.segments.map((segment) => segmentLine(segment, header.machine))],
    ['interpreter', elf.interpreter === null ? [] : [elf.interpreter]],
    ['dynamic entries', elf.dynamic === null ? [] : [String(elf.dynamic.length + 1)]],
    ['NEEDED', elf.dynamicStrings(DT.NEEDED)],
    ['SONAME', elf.dynamicStrings(DT.SONAME)],
    ['RPATH', elf.dynamicStrings(DT.RPATH)],
    ['RUNPATH', elf.dynamicStrings(DT.RUNPATH)],
    ['FLAGS', bitNames(DF, elf.dynamicValue(DT.FLAGS))],
    ['FLAGS_1', bitNames(DF_1, elf.dynamicValue(DT.FLAGS_1))],
  ]);
  // Without section headers readelf cannot count the symbols, and prints none.
  if (header.sectionHeaderCount === 0) return answers;
  return answers
    .set('undefined symbols', elf.dynamicSymbols.filter(isUndefined).map(symbolLine))
    .set('defined symbols', elf.dynamicSymbols.filter(isDefined).map(nameLine));
}

export function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function segmentLine(segment: Segment, machine: number): string {
  // readelf's column has 14 characters.
  const type = segmentTypeName(segment.type, machine).slice(0, 14);
  const { offset, address, physicalAddress, fileSize, memorySize, alignment } = segment;
  const numbers = [offset, address, physicalAddress, fileSize, memorySize, alignment].map(hex);
  return `${type} ${flagsText(segment.flags)} ${numbers.join(' ')}`;
}

function bitNames(
  names: Readonly<Record<string, number>>,
  value: bigint | null,
): readonly string[] {
  const bits = value ?? 0n;
  return Object.entries(names).flatMap(([name, bit]) =>
    (bits & BigInt(bit)) === 0n ? [] : [name],
  );
}

function isUndefined(symbol: ElfSymbol): boolean {
  return symbol.sectionIndex === SHN.UNDEF;
}

/** readelf writes a symbol that stands for its own version (`GLIBC_2.17`) once. */
function symbolLine({ name, version }: ElfSymbol): string {
  return version === null || version.name === name ? name : `${name}@${version.name}`;
}

/** Section symbols are left out: readelf gives them the names of their sections. */
function isDefined(symbol: ElfSymbol): boolean {
  return symbol.sectionIndex !== SHN.UNDEF && symbol.type !== STT.SECTION;
}

/** readelf marks default versions of definitions by `@@`, a bit that the model leaves out. */
function nameLine(symbol: ElfSymbol): string {
  return `${symbolLine(symbol)} value ${hex(symbol.value)}`;
}
