import type { Elf } from '../elf/model.ts';
import { annobinFlags, type RecordedFlags } from './dwarf/annobin.ts';
import { type CompileUnit, ownUnits } from './dwarf/dwarf-units.ts';
import { factExtractor } from './fact-extractor.ts';
import { demandSections } from './file/lost-sections.ts';

/**
 * One entry for each distinct set of options, [] when the build recorded none. gcc writes its options into DWARF
 * without being asked; clang only with -grecord-command-line. Neither records -D, so FORTIFY is never there.
 */
export default factExtractor('code', (elf): readonly RecordedFlags[] => {
  const fromDwarf = grouped(ownUnits(elf).flatMap(ofUnit));
  const found = fromDwarf.length > 0 ? fromDwarf : [...fromCommandLine(elf), ...annobinFlags(elf)];
  if (found.length === 0) demandSections(elf);
  return found;
});

function ofUnit({ producer, name }: CompileUnit): RecordedFlags[] {
  const flags = parse(producer);
  return flags === null ? [] : [{ ...flags, source: 'DWARF', files: 1, example: name }];
}

const gcc = /^(?<compiler>GNU (?!AS)\S+ \d\S*(?: \d{8})?(?: \([^)]*\))?)(?<options>( -\S+.*)?)$/;
const clang = /^(?<compiler>(?:\S.*? )?clang version \S+(?: \([^)]*\))*) \S+(?<options> -\S.*)$/;
const clangCommand = /^\S*(?<compiler>clang)\S*(?<options> -.*)$/;

/** null for producers that record no options: assemblers, clang as a rule, rustc, Go. */
function parse(producer: string): Pick<RecordedFlags, 'compiler' | 'options'> | null {
  for (const form of [gcc, clang, clangCommand]) {
    const groups = form.exec(producer)?.groups;
    if (groups === undefined) continue;
    const options = (groups['options'] ?? '').split(' ').filter((option) => option.startsWith('-'));
    return { compiler: groups['compiler'] ?? '', options };
  }
  return null;
}

/** Sections of -frecord-gcc-switches and -frecord-command-line: a string for each run. */
function fromCommandLine(elf: Elf): readonly RecordedFlags[] {
  const section = elf.sections.find(({ name }) => name === '.GCC.command.line');
  if (section === undefined) return [];
  const lines = elf.sectionBytes(section).toString('utf8', 0, maxCommandLines).split('\0');
  const source = '.GCC.command.line';
  return lines.flatMap((line) => {
    const flags = parse(line);
    return flags === null ? [] : [{ ...flags, source, files: 1, example: source }];
  });
}

/** Bytes of the section that are read. */
const maxCommandLines = 1024 * 1024;

function grouped(units: readonly RecordedFlags[]): readonly RecordedFlags[] {
  const groups = new Map<string, RecordedFlags>();
  for (const unit of units) {
    const key = [unit.compiler, ...unit.options].join(' ');
    const files = (groups.get(key)?.files ?? 0) + 1;
    groups.set(key, { ...(groups.get(key) ?? unit), files });
  }
  return [...groups.values()];
}
