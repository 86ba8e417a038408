import type { Elf } from '../../elf/model.ts';
import { cursorAt } from './dwarf-reader.ts';

/** Options that one compiler run was given, as the file itself recorded them. */
export interface RecordedFlags {
  readonly source: 'DWARF' | '.GCC.command.line' | 'annobin';
  /** The compiler's own name for itself: `GNU C17 12.2.0`, `Debian clang version 16.0.6`. */
  readonly compiler: string;
  readonly options: readonly string[];
  /** Compile units (source files) with exactly these options; 1 where the record does not count them. */
  readonly files: number;
  /** One of them. */
  readonly example: string;
}

/** Notes that are looked at; a large program has some 10,000. */
const maxNotes = 1_000_000;

/**
 * `.gnu.build.attributes` (annobin's specification, "Watermark"): each note's name is `GA`, a letter for the type of
 * its value, a number or a name for what is meant, and the value. They are turned into the options that mean the same.
 */
export function annobinFlags(elf: Elf): readonly RecordedFlags[] {
  const section = elf.sections.find(({ name }) => name.startsWith('.gnu.build.attributes'));
  if (section === undefined) return [];
  const options = new Set<string>();
  for (const name of noteNames(elf.sectionBytes(section), elf.header.byteOrder === 'little')) {
    for (const option of optionsOf(name)) options.add(option);
  }
  if (options.size === 0) return [];
  return [
    {
      source: 'annobin',
      compiler: 'annobin',
      options: [...options].sort(),
      files: 1,
      example: section.name,
    },
  ];
}

function* noteNames(bytes: Buffer, littleEndian: boolean): Generator<Buffer> {
  const cursor = cursorAt(bytes, 0, littleEndian);
  const aligned = (length: number) => Math.ceil(length / 4) * 4;
  for (let count = 0; cursor.at + 12 <= bytes.length && count < maxNotes; count += 1) {
    const nameSize = cursor.unsigned(4);
    const descriptionSize = cursor.unsigned(4);
    cursor.at += 4;
    const start = cursor.at;
    cursor.at += aligned(nameSize) + aligned(descriptionSize);
    yield bytes.subarray(start, Math.min(start + nameSize, bytes.length));
  }
}

const stackProtector = 2;

/** `*` a number in little-endian bytes, `+` true, `!` false; what it is about is one byte below 32, or a name with a NUL. */
function optionsOf(name: Buffer): readonly string[] {
  if (name.toString('latin1', 0, 2) !== 'GA' || name.length < 4) return [];
  const type = String.fromCharCode(name[2] ?? 0);
  const id = name[3] ?? 0;
  const end = id < 32 ? 4 : name.indexOf(0, 3) + 1;
  if (end === 0) return [];
  const about = id < 32 ? id : name.toString('latin1', 3, end - 1);
  return optionsFor(about, type === '*' ? numberIn(name.subarray(end)) : type === '+' ? 1 : 0);
}

function numberIn(bytes: Buffer): number {
  return bytes.subarray(0, 6).reduce((sum, byte, index) => sum + byte * 256 ** index, 0);
}

function optionsFor(about: number | string, value: number): readonly string[] {
  switch (about) {
    case stackProtector: {
      const levels = [
        '-fno-stack-protector',
        '-fstack-protector',
        '-fstack-protector-all',
        '-fstack-protector-strong',
      ];
      return levels.slice(value, value + 1);
    }
    case 'stack_clash':
      return [value === 0 ? '-fno-stack-clash-protection' : '-fstack-clash-protection'];
    case 'cf_protection':
      // The value is gcc's own plus 1: branch 2, return 3, full 4 (and 8 where it was set on the command line).
      return [value === 1 ? '-fcf-protection=none' : '-fcf-protection'];
    case 'FORTIFY':
      return value <= 3 ? [`-D_FORTIFY_SOURCE=${value}`] : [];
    case 'GLIBCXX_ASSERTIONS':
      return value === 0 ? [] : ['-D_GLIBCXX_ASSERTIONS'];
    case 'AutoVarInit':
      return [
        [
          '-ftrivial-auto-var-init=uninitialized',
          '-ftrivial-auto-var-init=pattern',
          '-ftrivial-auto-var-init=zero',
        ][value] ?? '',
      ].filter(Boolean);
    case 'GOW':
      // Bits 9 and 10: the optimisation level (bit 11: -Os).
      return [`-O${(value >> 9) & 3}`];
    default:
      return [];
  }
}
