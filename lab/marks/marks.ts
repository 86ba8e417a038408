import { append, type ElfFile, openElf } from './elf-file.ts';
import {
  addDynamicEntry,
  addLoaded,
  addNote,
  changeDynamicEntry,
  dynamicValue,
  type Placed,
  takeNoteHeader,
} from './put-memory.ts';
import { addSections, addStaticSymbols } from './put-sections.ts';

/** Something that anybody can write into a program, and that changes nothing about how it runs. */
export interface Mark {
  readonly name: string;
  /** Bytes that the marked file has and that show the mark to be there. */
  readonly shows: Buffer;
  /** null where the file has no room for it. */
  mark(elf: ElfFile): unknown;
  /** Rules whose own subject it is, so that it may change their verdict for the better. */
  readonly isAbout?: readonly string[];
  /** It takes sections away. Where code and data are mixed, they alone distinguish them: a failure may become undecided. */
  readonly hidesSections?: true;
}

/** A copy of the program with the mark in it; null where there is no room. */
export function marked({ name, shows, mark }: Mark, file: Buffer): Buffer | null {
  const elf = openElf(file);
  if (mark(elf) === null) return null;
  const changed = elf.bytes;
  if (changed.equals(file)) throw new Error(`${name} changes nothing`);
  if (!changed.includes(shows)) throw new Error(`${name} is not in the file`);
  return changed;
}

const text = (content: string) => Buffer.from(content, 'latin1');
const texts = text('\0hullcheck\0');

const section = (
  name: string,
  content = texts,
  more: { type?: number; flags?: number } = {},
): Mark => ({
  name: `a section ${name}`,
  shows: text(`${name}\0`),
  mark: (elf) => addSections(elf, [{ name, content, ...more }]),
});
const symbol = (name: string): Mark => ({
  name: `a static symbol ${name}`,
  shows: text(`\0${name}\0`),
  mark: (elf) => addStaticSymbols(elf, [name]),
});
const constant = (content: string): Mark => ({
  name: `a constant ${JSON.stringify(content)} in loaded bytes`,
  shows: text(content),
  mark: (elf) => addLoaded(elf, text(`\0\0\0\0\0\0\0\0${content}\0`)),
});
const note = (
  owner: string,
  type: number,
  description: Buffer,
  isAbout: readonly string[] = [],
): Mark => ({
  name: `a note of ${owner}, type ${type}`,
  shows: Buffer.concat([text(`${owner}\0`)]),
  mark: (elf) => addNote(elf, owner, type, description),
  isAbout,
});
const comment = (content: string): Mark => ({
  name: `.comment ${JSON.stringify(content)}`,
  shows: text(content),
  mark: (elf) =>
    addSections(elf, [{ name: '.comment', content: text(`${content}\0`), flags: 0x30 }]),
});

const DT = { STRTAB: 5, STRSZ: 10, SONAME: 14, DEBUG: 21, FLAGS: 30, FLAGS_1: 0x6ffffffb };

const soname = (name: string): Mark => ({
  name: `DT_SONAME ${name}`,
  shows: text(`\0${name}\0`),
  mark(elf) {
    const strings = dynamicValue(elf, DT.STRTAB);
    // A program of that name does not get the library, or loader: glibc's loader takes it for its own.
    const isTaken =
      elf.bytes.includes(`/${name}\0`) ||
      (elf.bytes.includes('/ld-linux') && elf.bytes.includes(`\0${name}\0`));
    if (strings === null || isTaken) return null;
    const placed = addLoaded(elf, text(`\0${name}\0`));
    return placed === null ? null : nameItself(elf, strings, placed, name);
  },
});

/** The table of strings may go beyond its end: the loader adds an offset to its address, and looks no further. */
function nameItself(elf: ElfFile, strings: number, { address }: Placed, name: string): true | null {
  const at = address + 1 - strings;
  if (at < 0) return null;
  changeDynamicEntry(elf, DT.STRSZ, (size) => Math.max(size, at + name.length + 1));
  return addDynamicEntry(elf, DT.SONAME, at);
}

const flagBit = (tag: number, title: string, bit: number): Mark => ({
  name: `bit 0x${bit.toString(16)} of ${title}`,
  shows: Buffer.of(),
  mark: (elf) =>
    changeDynamicEntry(elf, tag, (flags) => Number(BigInt(flags) ^ BigInt(bit))) ??
    addDynamicEntry(elf, tag, bit),
});

const headerByte = (at: number, value: number, title: string): Mark => ({
  name: title,
  shows: Buffer.of(value),
  mark: (elf) => (elf.bytes[at] === value ? null : elf.put(elf.bytes, at, 1, value)),
});

const appended = (title: string, content: Buffer): Mark => ({
  name: title,
  shows: content,
  mark: (elf) => append(elf, content, 1),
});

const goInformation = Buffer.concat([
  ...[text('\xff Go buildinf:'), Buffer.of(8, 2), Buffer.alloc(16)],
  ...[Buffer.of(6), text('go1.24'), Buffer.of(0)],
]);
/** GNU_PROPERTY_X86_FEATURE_1_AND with IBT and SHSTK. */
const cetProperty = Buffer.from('020000c0040000000300000000000000', 'hex');

/** One line for each. A mark that is about a rule says so. */
export const marks: readonly Mark[] = [
  section('.svm_heap'),
  section('__managedcode'),
  section('swift5_typeref'),
  section('fpc.resources'),
  section('.gopclntab'),
  section('.go.buildinfo', goInformation),
  section('.note.go.buildid', text('\x04\0\0\0\x04\0\0\0\x04\0\0\0Go\0\0abcd'), { type: 7 }),
  section('.modinfo', text('license=GPL\0name=x\0retpoline=Y\0')),
  section('.gnu.linkonce.this_module'),
  section('__ksymtab'),
  section('__ksymtab_gpl'),
  section('.retpoline_sites'),
  section('.ibt_endbr_seal'),
  section('.debug_info'),
  section('.debug_info.dwo'),
  section('.gnu_debuglink', text('program.debug\0\0\0abcd')),
  section('.gnu_debugaltlink', text('program.debug\0abcd')),
  section('.gnu.build.attributes', texts, { type: 7 }),
  section('.gnu.lto_.inline', texts),
  section('.upx', text('UPX!')),
  section('.text', texts, { type: 8, flags: 6 }),
  section('.init.text', texts, { type: 8, flags: 6 }),
  section('.eh_frame', texts, { type: 1, flags: 2 }),
  section('.ARM.attributes', texts, { type: 0x70000003 }),
  comment('rustc version 1.95.0 (59807616e 2026-04-14)'),
  comment('Go cmd/compile go1.24'),
  comment('GHC 9.4.7'),
  comment('GNAT 12.2'),
  comment('clang version 16.0.6'),
  symbol('rust_panic'),
  symbol('rust_eh_personality'),
  symbol('NimMain'),
  symbol('caml_main'),
  symbol('hs_main'),
  symbol('swift_retain'),
  symbol('graal_create_isolate'),
  symbol('__stack_chk_fail'),
  symbol('__printf_chk'),
  symbol('__libc_start_main'),
  symbol('_rtld_global'),
  constant('/rustc/59807616e1234567890123456789012345678901/library/std'),
  constant('GHCRTS'),
  constant('CAMLRUNPARAM'),
  constant('com.oracle.svm.core'),
  constant('panicked during a panic. Aborting'),
  constant('GLIBC_TUNABLES'),
  constant('No error information'),
  constant('/etc/TZ'),
  constant('Crystal::Scheduler'),
  constant('GNAT Version: 12'),
  constant('$Info: This file is packed with the UPX executable packer http://upx.sf.net $'),
  constant('__stack_chk_fail'),
  constant('Linux version 6.1.0 (root@builder) (gcc) #1 SMP'),
  {
    name: 'a record of Go in loaded bytes',
    shows: text('\xff Go buildinf:'),
    mark: (elf) => addLoaded(elf, goInformation),
  },
  note('Go', 4, text('abcd/efgh'), ['build-id']),
  note('Android', 1, Buffer.from([23, 0, 0, 0])),
  note('OpenBSD', 1, Buffer.alloc(4)),
  note('NetBSD', 1, Buffer.alloc(4)),
  note('FreeBSD', 1, Buffer.alloc(4)),
  note('Linux', 0x100, Buffer.alloc(8)),
  note('stapsdt', 3, Buffer.alloc(24)),
  note('CORE', 1, Buffer.alloc(8)),
  note('Xen', 6, text('linux\0')),
  note('GNU', 3, Buffer.alloc(20, 7), ['build-id']),
  note('GNU', 1, Buffer.alloc(16)),
  note('GNU', 5, cetProperty, ['control-flow-protection']),
  soname('libc.so.6'),
  soname('ld-linux.so.2'),
  soname('libc.musl-x86_64.so.1'),
  soname('libmvec.so.1'),
  soname('libasan.so.8'),
  soname('ld-android.so'),
  flagBit(DT.FLAGS_1, 'DT_FLAGS_1', 0x400),
  flagBit(DT.FLAGS_1, 'DT_FLAGS_1', 0x08000000),
  flagBit(DT.FLAGS_1, 'DT_FLAGS_1', 0x00800000),
  flagBit(DT.FLAGS, 'DT_FLAGS', 0x10),
  {
    name: 'DT_DEBUG turned into a tag that no loader reads',
    shows: Buffer.of(),
    mark(elf) {
      const value = dynamicValue(elf, DT.DEBUG);
      return value === null ? null : renameTag(elf, DT.DEBUG, 0x6ffffef0);
    },
  },
  headerByte(7, 9, 'EI_OSABI of FreeBSD'),
  headerByte(7, 12, 'EI_OSABI of OpenBSD'),
  headerByte(7, 255, 'EI_OSABI of no system'),
  headerByte(8, 3, 'EI_ABIVERSION 3'),
  headerByte(9, 0x55, 'EI_PAD'),
  headerByte(15, 0x55, 'the last byte of EI_PAD'),
  headerByte(20, 2, 'e_version 2'),
  appended('UPX magic at the end', text('UPX!\x0e\x16\x02\x08')),
  appended('the signature of a module at the end', text('~Module signature appended~\n')),
  appended('another ELF file at the end', text('\x7fELF\x02\x01\x01')),
  appended('a zip at the end', text('PK\x05\x06'.padEnd(22, '\0'))),
  {
    name: 'UPX magic in a note, and at the end',
    shows: text('UPX!'),
    mark(elf) {
      const segment = takeNoteHeader(elf);
      if (segment === null) return null;
      elf.bytes.write('UPX!', segment.get('offset') + 16, 'latin1');
      return append(elf, text('UPX!'), 1);
    },
  },
  {
    name: 'a PT_NOTE whose note does not end',
    shows: Buffer.from('ffffff7f', 'hex'),
    mark(elf) {
      const segment = takeNoteHeader(elf);
      return segment === null
        ? null
        : elf.bytes.write('ffffff7fffffff7f', segment.get('offset'), 'hex');
    },
  },
  {
    name: 'a PT_NOTE outside of the file',
    shows: Buffer.of(),
    mark: (elf) => changeNoteHeader(elf, 'offset', 0x7fff0000),
  },
  {
    name: 'a PT_NOTE turned into a segment of no known type',
    shows: Buffer.of(),
    mark: (elf) => changeNoteHeader(elf, 'type', 0x6fffffff),
  },
  {
    name: 'a PT_NOTE turned into a small PT_LOAD of its own',
    shows: Buffer.of(),
    mark(elf) {
      const segment = takeNoteHeader(elf);
      const loads = elf.segments().filter((each) => each.get('type') === 1);
      const last = loads.at(-1);
      // Headers of PT_LOAD stand in the order of their addresses.
      if (segment === null || last === undefined || segment.index < last.index) return null;
      const content = Buffer.concat([Buffer.alloc(0x10), text('marked')]);
      const at = append(elf, content, 0x10000);
      const free = Math.ceil((last.get('address') + last.get('memsz')) / 0x10000 + 1) * 0x10000;
      const numbers = { type: 1, flags: 4, offset: at, address: free, align: 0x10000 } as const;
      for (const field of ['type', 'flags', 'offset', 'address', 'align'] as const)
        segment.set(field, numbers[field]);
      segment.set('filesz', content.length);
      segment.set('memsz', content.length);
      return true;
    },
  },
  {
    name: 'no section headers',
    shows: Buffer.of(),
    hidesSections: true,
    // What a file shows by sections alone is gone with them, as with strip.
    isAbout: ['no-debug-leak', 'compiler-flags'],
    mark(elf) {
      if (elf.header('shoff') === 0) return null;
      elf.setHeader('shoff', 0);
      elf.setHeader('shnum', 0);
      return elf.setHeader('names', 0);
    },
  },
  {
    name: 'section headers that are not in the file',
    shows: Buffer.of(),
    mark: (elf) => elf.setHeader('shoff', 0x7fff0000),
  },
  {
    name: 'every section empty (SHT_NOBITS)',
    shows: Buffer.of(),
    hidesSections: true,
    isAbout: ['no-debug-leak', 'compiler-flags'],
    mark: (elf) => changeSections(elf, (type) => (type === 0 || type === 3 ? type : 8)),
  },
  {
    name: 'executable sections empty, as in debug information',
    shows: Buffer.of(),
    hidesSections: true,
    mark: (elf) => changeSections(elf, (type, flags) => ((flags & 6) === 6 ? 8 : type)),
  },
];

function renameTag(elf: ElfFile, from: number, to: number): true {
  const word = elf.bits === 64 ? 8 : 4;
  const segment = elf.segments().find((each) => each.get('type') === 2);
  if (segment === undefined) throw new Error('the dynamic section was there');
  for (let at = segment.get('offset'); ; at += word * 2) {
    if (elf.take(elf.bytes, at, word) !== from) continue;
    elf.put(elf.bytes, at, word, to);
    return true;
  }
}

function changeNoteHeader(elf: ElfFile, field: 'type' | 'offset', value: number): true | null {
  const segment = takeNoteHeader(elf);
  segment?.set(field, value);
  return segment === null ? null : true;
}

function changeSections(
  elf: ElfFile,
  typeOf: (type: number, flags: number) => number,
): true | null {
  const start = elf.header('shoff');
  const records = elf.sectionRecords();
  const old = elf.bytes;
  elf.bytes = Buffer.from(old);
  records.forEach((record, index) => {
    const type = typeOf(elf.section(record, 'type'), elf.section(record, 'flags'));
    elf.setSection(record, 'type', type);
    record.copy(elf.bytes, start + index * record.length);
  });
  return elf.bytes.equals(old) ? null : true;
}
