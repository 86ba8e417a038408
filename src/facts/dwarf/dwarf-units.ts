import { LimitExceeded, MalformedElf } from '../../base/errors.ts';
import { alternateStrings } from '../../elf/debug/with-debug-file.ts';
import type { Elf } from '../../elf/model.ts';
import { factExtractor } from '../fact-extractor.ts';
import { abbreviation, type DebugStrings } from './dwarf-abbreviations.ts';
import { readAttribute, type UnitHeader } from './dwarf-forms.ts';
import { type Cursor, cursorAt, debugSection } from './dwarf-reader.ts';

/** One source file as it was compiled: the first entry of a unit in `.debug_info`. */
export interface CompileUnit {
  /** DW_AT_name: the source file as the compiler was given it. */
  readonly name: string;
  /** DW_AT_comp_dir. */
  readonly directory: string;
  /** DW_AT_producer: the compiler, and gcc's options. */
  readonly producer: string;
  /** Of a unit whose rest is in another file (`gcc -gsplit-dwarf`), and of that rest; null: it is whole. */
  readonly split: SplitUnit | null;
}

export interface SplitUnit {
  /** In hex: both parts have the same. */
  readonly id: string;
  /** DW_AT_dwo_name: the file with the rest, often a path; '' in that file. */
  readonly file: string;
}

const maxUnits = 100_000;

/** Characters of distinct strings. Chromium's debug information has 3 million. */
const maxText = 16 * 1024 ** 2;

const DW_AT_name = 0x03;
const DW_AT_comp_dir = 0x1b;
const DW_AT_producer = 0x25;
const DW_AT_str_offsets_base = 0x72;
const DW_AT_dwo_name = 0x76;
const DW_AT_GNU_dwo_name = 0x2130;
const DW_AT_GNU_dwo_id = 0x2131;
const DW_TAG_compile_unit = 0x11;
const DW_TAG_skeleton_unit = 0x4a;

/** DWARF 5 unit types with the entry of a source file at their start: compile, skeleton (its rest is in a .dwo file), and that rest. */
const compile = 1;
const splitTypes: ReadonlySet<number> = new Set([4, 5]);

const ofToolchain = /(^|\/)(crt|csu|libgcc|libsanitizer|libstdc\+\+-v3|compiler-rt)(\/|$)/;

/** Units that were found for those of a file, in other files. */
const foundElsewhere = new WeakMap<Elf, readonly CompileUnit[]>();

/** From now on `elf` has these units too. Before its facts are asked. */
export function addUnits(elf: Elf, units: readonly CompileUnit[]): void {
  foundElsewhere.set(elf, units);
}

/** Those whose rest is in another file. */
export function skeletonsIn(elf: Elf): readonly SplitUnit[] {
  return compileUnits(elf).flatMap(({ split }) =>
    split === null || split.file === '' ? [] : [split],
  );
}

/** The units of a `.dwo` file. */
export function unitsOfDwo(elf: Elf): readonly CompileUnit[] {
  return compileUnits(elf, '.dwo');
}

/** Units of the program itself: start files, libc's own objects and compiler runtimes come with the toolchain, built with its options. */
export const ownUnits = factExtractor('code', (elf): readonly CompileUnit[] =>
  [...compileUnits(elf), ...(foundElsewhere.get(elf) ?? [])].filter(
    ({ name, directory, producer }) =>
      !ofToolchain.test(`${directory}/${name}`) && !/ -ffreestanding\b/.test(producer),
  ),
);

/** DWARF 2 to 5, 32- and 64-bit; units of other versions are passed over. */
function compileUnits(elf: Elf, suffix: '' | '.dwo' = ''): readonly CompileUnit[] {
  const littleEndian = elf.header.byteOrder === 'little';
  const section = (name: string) => debugSection(elf, name + suffix);
  const info = section('.debug_info');
  if (info.length === 0) return [];
  const strings = {
    abbreviations: section('.debug_abbrev'),
    text: section('.debug_str'),
    lineText: section('.debug_line_str'),
    alternate: debugSection(elf, alternateStrings),
    offsets: section('.debug_str_offsets'),
    littleEndian,
    known: new Map<Buffer, Map<number, string>>(),
    left: maxText,
  };
  const units: CompileUnit[] = [];
  for (let start = 0, count = 0; start < info.length; count += 1) {
    if (count === maxUnits)
      throw new LimitExceeded(`more than ${maxUnits} units of debug information`);
    const cursor = cursorAt(info, start, littleEndian);
    const header = readUnitHeader(cursor);
    demandUnit(header, start, info.length);
    const unit = header.hasSource ? readUnit(cursor, header, strings) : null;
    if (unit !== null) units.push(unit);
    start = header.end;
  }
  return units;
}

/** Versions after 5 may come; what says to be far beyond them, or to end behind its section, was overwritten. */
const lastVersion = 9;

function demandUnit({ version, end }: UnitHeader, start: number, size: number): void {
  if (version <= lastVersion && end <= size) return;
  throw new MalformedElf(
    `the unit of debug information at ${start} has version ${version} and ends at ${end} of ${size} bytes`,
  );
}

function readUnitHeader(cursor: Cursor): UnitHeader {
  const first = cursor.unsigned(4);
  const offsetSize = first === 0xffffffff ? 8 : 4;
  const length = offsetSize === 8 ? cursor.unsigned(8) : first;
  const end = cursor.at + length;
  const version = cursor.unsigned(2);
  if (version < 2 || version > 5) {
    return { end, version, offsetSize, addressSize: 0, abbreviations: 0, ...withoutSource };
  }
  if (version < 5) {
    const abbreviations = cursor.unsigned(offsetSize);
    return {
      end,
      version,
      offsetSize,
      addressSize: cursor.unsigned(1),
      abbreviations,
      hasSource: true,
      splitId: null,
    };
  }
  const unitType = cursor.unsigned(1);
  const addressSize = cursor.unsigned(1);
  const abbreviations = cursor.unsigned(offsetSize);
  const isSplit = splitTypes.has(unitType);
  const splitId = isSplit ? cursor.eightBytes() : null;
  const hasSource = isSplit || unitType === compile;
  return { end, version, offsetSize, addressSize, abbreviations, hasSource, splitId };
}

const withoutSource = { hasSource: false, splitId: null } as const;

function readUnit(cursor: Cursor, header: UnitHeader, strings: DebugStrings): CompileUnit | null {
  const code = cursor.leb128();
  const shape = code === 0 ? null : abbreviation(strings, header.abbreviations, code);
  if (shape === null || !tagsOfSource.has(shape.tag)) return null;
  const values = new Map<number, ReturnType<typeof readAttribute>>();
  for (const { attribute, form } of shape.attributes) {
    const value = readAttribute(cursor, form, header);
    if (value === 'unreadable') break;
    values.set(attribute, value);
  }
  const base = values.get(DW_AT_str_offsets_base);
  const text = (attribute: number) => textOf(values.get(attribute), strings, header, base);
  return {
    name: text(DW_AT_name),
    directory: text(DW_AT_comp_dir),
    producer: text(DW_AT_producer),
    split: splitOf(header, values.get(DW_AT_GNU_dwo_id), text),
  };
}

const tagsOfSource: ReadonlySet<number> = new Set([DW_TAG_compile_unit, DW_TAG_skeleton_unit]);

/** DWARF 5 has the number in the header of the unit, the form before it (GNU's of DWARF 4) in an attribute. */
function splitOf(
  { splitId }: UnitHeader,
  ofGnu: ReturnType<typeof readAttribute> | undefined,
  text: (attribute: number) => string,
): SplitUnit | null {
  const inEntry = typeof ofGnu === 'object' && ofGnu.kind === 'eight bytes' ? ofGnu.id : null;
  const id = splitId ?? inEntry;
  return id === null ? null : { id, file: text(DW_AT_dwo_name) || text(DW_AT_GNU_dwo_name) };
}

/** Where a string form points; '' when it is not there or lies in a file that this one only refers to. */
function textOf(
  value: ReturnType<typeof readAttribute> | undefined,
  strings: DebugStrings,
  { offsetSize, version }: UnitHeader,
  base: ReturnType<typeof readAttribute> | undefined,
): string {
  if (value === undefined || value === 'unreadable') return '';
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'in .debug_str':
      return textAt(strings, strings.text, value.offset);
    case 'in .debug_line_str':
      return textAt(strings, strings.lineText, value.offset);
    case 'in the alternate file':
      return strings.alternate.length === 0 ? '' : textAt(strings, strings.alternate, value.offset);
    case 'indexed': {
      // Without a base the offsets begin behind the header of the section's only table, which GNU's form of DWARF 4 does not have.
      const first = version < 5 ? 0 : 2 * offsetSize;
      const start = typeof base === 'object' && base.kind === 'number' ? base.value : first;
      const place = start + value.index * offsetSize;
      const offset = cursorAt(strings.offsets, place, strings.littleEndian).unsigned(offsetSize);
      return textAt(strings, strings.text, offset);
    }
    case 'number':
    case 'eight bytes':
    case 'skipped':
      return '';
  }
}

function textAt(strings: DebugStrings, bytes: Buffer, offset: number): string {
  const known = strings.known.get(bytes) ?? new Map<number, string>();
  strings.known.set(bytes, known);
  const old = known.get(offset);
  if (old !== undefined) return old;
  const text = cursorAt(bytes, offset, strings.littleEndian).text();
  strings.left -= text.length;
  if (strings.left < 0)
    throw new LimitExceeded(`more than ${maxText} characters of names in the debug information`);
  known.set(offset, text);
  return text;
}
