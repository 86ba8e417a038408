import { append, type ElfFile, sizes } from './elf-file.ts';

export interface NewSection {
  readonly name: string;
  /** SHT_*; default PROGBITS. */
  readonly type?: number;
  /** SHF_*. */
  readonly flags?: number;
  readonly content: Buffer;
  readonly link?: number;
  readonly info?: number;
  readonly entsize?: number;
}

/** Writes a new table of sections at the end of the file: those that were there, and more. Nothing that is mapped changes. */
export function addSections(elf: ElfFile, added: readonly NewSection[]): void {
  const old = elf.sectionRecords();
  const records = old.length > 0 ? old : [Buffer.alloc(sizes[elf.bits].section)];
  const namesRecord = old[elf.header('names')];
  const start = namesRecord === undefined ? 0 : elf.section(namesRecord, 'offset');
  const size = namesRecord === undefined ? 0 : elf.section(namesRecord, 'size');
  let names = size > 0 ? Buffer.from(elf.bytes.subarray(start, start + size)) : Buffer.alloc(1);
  const nameAt = (name: string): number => {
    const at = names.length;
    names = Buffer.concat([names, Buffer.from(`${name}\0`, 'latin1')]);
    return at;
  };
  for (const { name, type = 1, flags = 0, content, link = 0, info = 0, entsize = 0 } of added) {
    const record = Buffer.alloc(sizes[elf.bits].section);
    const numbers = { name: nameAt(name), type, flags, link, info, entsize, align: 1 };
    for (const [field, value] of Object.entries(numbers)) {
      elf.setSection(record, field as keyof typeof numbers, value);
    }
    elf.setSection(record, 'offset', append(elf, content));
    elf.setSection(record, 'size', content.length);
    records.push(record);
  }
  const table = Buffer.alloc(sizes[elf.bits].section);
  elf.setSection(table, 'name', nameAt('.shstrtab'));
  elf.setSection(table, 'type', 3);
  elf.setSection(table, 'offset', append(elf, names));
  elf.setSection(table, 'size', names.length);
  records.push(table);
  const at = append(elf, Buffer.concat(records));
  elf.setHeader('shoff', at);
  elf.setHeader('shentsize', sizes[elf.bits].section);
  elf.setHeader('shnum', records.length);
  elf.setHeader('names', records.length - 1);
}

/** Adds a table of symbols that names functions; where there is one, one of the two is read. */
export function addStaticSymbols(elf: ElfFile, names: readonly string[]): void {
  const strings = Buffer.from(`\0${names.join('\0')}\0`, 'latin1');
  const size = sizes[elf.bits].symbol;
  const symbols = Buffer.alloc(size * (names.length + 1));
  names.forEach((name, index) => {
    const at = size * (index + 1);
    elf.put(symbols, at, 4, strings.indexOf(`\0${name}\0`, 0, 'latin1') + 1);
    const entry = elf.header('entry');
    // Global function in section 1.
    if (elf.bits === 64) {
      elf.put(symbols, at + 4, 1, 0x12);
      elf.put(symbols, at + 6, 2, 1);
      elf.put(symbols, at + 8, 8, entry);
      elf.put(symbols, at + 16, 8, 16);
    } else {
      elf.put(symbols, at + 4, 4, entry);
      elf.put(symbols, at + 8, 4, 16);
      elf.put(symbols, at + 12, 1, 0x12);
      elf.put(symbols, at + 14, 2, 1);
    }
  });
  replaceSymbols(elf);
  const before = Math.max(1, elf.sectionRecords().length);
  addSections(elf, [
    { name: '.symtab', type: 2, content: symbols, link: before + 1, info: 1, entsize: size },
    { name: '.strtab', type: 3, content: strings },
  ]);
}

/** The old table becomes plain data, so that the new one is the file's. */
function replaceSymbols(elf: ElfFile): void {
  const start = elf.header('shoff');
  if (start === 0) return;
  elf.sectionRecords().forEach((record, index) => {
    if (elf.section(record, 'type') !== 2) return;
    elf.setSection(record, 'type', 1);
    record.copy(elf.bytes, start + index * sizes[elf.bits].section);
  });
}
