import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DF_1, DT } from '../../src/elf/constants.ts';
import type { ElfEdit } from '../../test/support/elf/elf-edits.ts';
import { muslLoaderPath } from './base-roots.ts';
import { edited, withDynamic, withLongRelro } from './edited-file.ts';
import { casesFor, type ReleaseCase, since } from './ends-by-release.ts';
import type { StartingCase } from './starting-case.ts';
import { type Glibc, type ProgramOptions, versionHash, type Workshop } from './workshop.ts';

/** A program and the library that it needs, which is changed on its way into the root. */
function library(
  change: (file: string, workshop: Workshop) => string,
  parts: ProgramOptions = {},
  program: ProgramOptions = {},
) {
  return (workshop: Workshop, libc: Glibc) => {
    const made = workshop.library(libc, 'libx.so', parts);
    workshop.install(change(made, workshop), '/usr/lib/libx.so');
    workshop.install(workshop.program(libc, { ...program, with: [made] }), '/program');
  };
}

const header = (change: (edit: ElfEdit) => void) => library((file) => edited(file, change));
const byte = (at: number, value: number) => header(({ bytes }) => bytes.writeUInt8(value, at));
const flags = (...words: string[]) => library((file) => file, { flags: words });
const programFlags = (...words: string[]) => library((file) => file, {}, { flags: words });

const PT_LOAD = 1n;
const PT_GNU_STACK = 0x6474e551n;

const note = (os: number, version: readonly [number, number, number]) => `
__asm__(".pushsection .note.ABI-tag,\\"a\\",@note\\n.balign 4\\n.long 4,16,1\\n.asciz \\"GNU\\"\\n"
  ".long ${[os, ...version].join(',')}\\n.popsection");
int answer(void) { return 42; }`;

const property = (type: string, value: number) => `
__asm__(".pushsection .note.gnu.property,\\"a\\",@note\\n.balign 8\\n.long 4,16,5\\n.asciz \\"GNU\\"\\n"
  ".long ${type},4,${value},0\\n.popsection");
int answer(void) { return 42; }`;

function cut(file: string, size: number): string {
  writeFileSync(`${file}-cut`, readFileSync(file).subarray(0, size));
  return `${file}-cut`;
}

/** The program asks libx.so for a version; the libx.so that is there needs nothing and has no versions. */
function unversioned(flags: readonly string[], first: readonly string[] = []) {
  return (workshop: Workshop, libc: Glibc) => {
    const script = join(dirname(workshop.library(libc, 'unused.so')), 'versions');
    writeFileSync(script, 'X_1 { answer; };');
    const linked = workshop.library(libc, 'libx.so', { flags: [`-Wl,--version-script=${script}`] });
    const plain = workshop.library(libc, 'libx.so', { flags: ['-nostdlib'] });
    workshop.install(plain, '/usr/lib/libx.so');
    const program = workshop.program(libc, { with: [...first, linked], flags });
    workshop.install(program, '/program');
  };
}

const pointers = 'int answer(void); int (*table[])(void) = { answer, answer, answer };';

/** Makes the need for GLIBC_ABI_DT_RELR another one for GLIBC_2.2.5: hash and name, of the 16 bytes of each. */
function askTwice(bytes: Buffer): void {
  const packing = bytes.indexOf(versionHash('GLIBC_ABI_DT_RELR'));
  const plain = bytes.indexOf(versionHash('GLIBC_2.2.5'));
  if (packing < 0 || plain < 0) throw new Error('the library requires other versions');
  bytes.copy(bytes, packing, plain, plain + 4);
  bytes.copy(bytes, packing + 8, plain + 8, plain + 12);
}

const cases: readonly ReleaseCase[] = [
  { name: 'a library with ELFOSABI_GNU', ends: 'starts', make: byte(7, 3) },
  { name: 'a library for FreeBSD by EI_OSABI', ends: 'dies at start', make: byte(7, 9) },
  { name: 'a library with EI_ABIVERSION 1', ends: 'dies at start', make: byte(8, 1) },
  {
    name: 'a library with bytes in the padding of e_ident',
    ends: 'dies at start',
    make: byte(12, 1),
  },
  { name: 'a library with e_version 2', ends: 'dies at start', make: byte(0x14, 2) },
  { name: 'a library with e_type ET_EXEC', ends: 'dies at start', make: byte(0x10, 2) },
  { name: 'a library with e_type ET_REL', ends: 'dies at start', make: byte(0x10, 1) },
  { name: 'a library that says big-endian', ends: 'dies at start', make: byte(5, 2) },
  {
    name: 'a library with a p_align of 2048',
    ends: since('bookworm', 'dies at start', 'starts'),
    make: header(({ segments }) => {
      for (const each of segments()) if (each.get('type') === PT_LOAD) each.set('align', 2048n);
    }),
  },
  {
    name: 'a library with a p_align of 64 KiB that its offsets do not keep',
    ends: since('bookworm', 'dies at start', 'starts'),
    make: header(({ segments }) => {
      for (const each of segments()) if (each.get('type') === PT_LOAD) each.set('align', 0x10000n);
    }),
  },
  {
    name: 'a library with an address that differs from its offset within the page',
    ends: 'dies at start',
    make: header(({ segments }) => {
      const load = segments().filter((each) => each.get('type') === PT_LOAD)[1];
      load?.set('address', load.get('address') + 16n);
    }),
  },
  {
    name: 'a program as a library: a PIE that says so',
    ends: 'dies at start',
    make(workshop, libc) {
      const made = workshop.library(libc, 'libx.so');
      const source = 'int answer(void) { return 42; } int main(void) { return 1; }';
      const pie = workshop.program(libc, { source, flags: ['-pie', '-fPIE', '-rdynamic'] });
      workshop.install(pie, '/usr/lib/libx.so');
      workshop.install(workshop.program(libc, { with: [made] }), '/program');
    },
  },
  {
    name: 'a program as a library: a PIE without DF_1_PIE',
    ends: 'starts',
    make(workshop, libc) {
      const made = workshop.library(libc, 'libx.so');
      const source = 'int answer(void) { return 42; } int main(void) { return 1; }';
      const pie = workshop.program(libc, { source, flags: ['-pie', '-fPIE', '-rdynamic'] });
      const silent = withDynamic(pie, DT.FLAGS_1, (value) => [
        DT.FLAGS_1,
        value & ~BigInt(DF_1.PIE),
      ]);
      workshop.install(silent, '/usr/lib/libx.so');
      workshop.install(workshop.program(libc, { with: [made] }), '/program');
    },
  },
  {
    name: 'a program whose PT_GNU_RELRO reaches where nothing is mapped',
    ends: 'dies at start',
    make: (workshop, libc) => workshop.install(withLongRelro(workshop.program(libc)), '/program'),
  },
  {
    name: 'a library that wants an executable stack',
    ends: 'starts',
    make: flags('-z', 'execstack'),
  },
  {
    name: 'a library without PT_GNU_STACK',
    ends: 'starts',
    make: header(({ segments }) => {
      for (const each of segments()) if (each.get('type') === PT_GNU_STACK) each.set('type', 0n);
    }),
  },
  {
    name: 'a program that wants an executable stack',
    ends: 'starts',
    make: programFlags('-z', 'execstack'),
  },
  {
    name: 'a library with packed relative relocations that requires their version',
    ends: since('bookworm', 'dies at start', 'starts'),
    make: library((file) => file, {
      source: `${pointers} int answer(void) { return 42; }`,
      flags: ['-Wl,-z,pack-relative-relocs'],
    }),
  },
  {
    name: 'a program with packed relative relocations that requires their version',
    ends: since('bookworm', 'dies at start', 'starts'),
    make: programFlags('-Wl,-z,pack-relative-relocs'),
  },
  {
    name: 'a library with packed relative relocations that needs libc and does not require their version',
    ends: 'dies at start',
    make: library((file) => edited(file, ({ bytes }) => askTwice(bytes)), {
      source: `${pointers} int answer(void) { return 42; }`,
      flags: ['-Wl,-z,pack-relative-relocs'],
    }),
  },
  {
    name: 'a library for Linux 99 by its note',
    ends: since('bookworm', 'dies at start', 'starts'),
    make: library((file) => file, { source: note(0, [99, 0, 0]) }),
  },
  {
    name: 'a library for the Hurd by its note',
    ends: since('bookworm', 'dies at start', 'starts'),
    make: library((file) => file, { source: note(1, [2, 0, 0]) }),
  },
  {
    name: 'a library that needs x86-64-v2',
    ends: 'starts',
    make: library((file) => file, { source: property('0xc0008002', 2) }),
  },
  {
    name: 'a library that needs a level of processor that does not exist',
    ends: since('bookworm', 'starts', 'dies at start'),
    make: library((file) => file, { source: property('0xc0008002', 0x100) }),
  },
  {
    name: 'a library without DT_GNU_HASH and DT_HASH',
    ends: 'dies at the first call',
    make: library(
      (file) => withDynamic(file, DT.GNU_HASH, (value) => [0x6ffffff0 + 1, value]),
      {},
      { flags: ['-Wl,-z,lazy'] },
    ),
  },
  { name: 'a library with DT_HASH only', ends: 'starts', make: flags('-Wl,--hash-style=sysv') },
  {
    name: 'a library with text relocations',
    ends: 'starts',
    make: flags('-Wl,-z,notext', '-fno-pic', '-mcmodel=large'),
  },
  {
    name: 'a library without PT_DYNAMIC',
    ends: 'dies at start',
    make: header(({ segments }) => {
      for (const each of segments()) if (each.get('type') === 2n) each.set('type', 0n);
    }),
  },
  {
    name: 'a filter whose filtee is missing',
    ends: 'dies at start',
    make: flags('-Wl,-F,libfiltee.so'),
  },
  {
    name: 'an auxiliary filter whose filtee is missing',
    ends: 'starts',
    make: flags('-Wl,-f,libfiltee.so'),
  },
  {
    name: 'a filter whose filtee has the symbol',
    ends: 'starts',
    make(workshop, libc) {
      const filtee = workshop.library(libc, 'libfiltee.so');
      const made = workshop.library(libc, 'libx.so', {
        source: 'int other;',
        flags: ['-Wl,-F,libfiltee.so'],
      });
      workshop.install(filtee, '/usr/lib/libfiltee.so');
      workshop.install(made, '/usr/lib/libx.so');
      workshop.install(workshop.program(libc, { with: [filtee], flags: [made] }), '/program');
    },
  },
  {
    name: 'a DT_AUDIT library that is missing',
    ends: 'starts',
    make: programFlags('-Wl,--audit,libaudit.so'),
  },
  {
    name: 'a hidden symbol among the exports',
    ends: 'dies at the first call',
    make: library(
      (file) =>
        edited(file, ({ bytes, sections }) => {
          const table = sections().find(({ name }) => name === '.dynsym');
          const start = Number(table?.get('offset'));
          for (let at = start; at < start + Number(table?.get('size')); at += 24) {
            if (bytes.readUInt16LE(at + 6) !== 0) bytes.writeUInt8(2, at + 5);
          }
        }),
      {},
      { flags: ['-Wl,-z,lazy'] },
    ),
  },
  {
    name: 'a directory in place of the library ends the search',
    ends: 'dies at start',
    make(workshop, libc) {
      const made = workshop.library(libc, 'libx.so');
      workshop.install(made, '/usr/lib/libx.so');
      workshop.write('/lib/x86_64-linux-gnu/libx.so/file', '');
      workshop.install(workshop.program(libc, { with: [made] }), '/program');
    },
  },
  {
    name: 'an empty file in place of the library ends the search',
    ends: 'dies at start',
    make(workshop, libc) {
      const made = workshop.library(libc, 'libx.so');
      workshop.install(made, '/usr/lib/libx.so');
      workshop.write('/lib/x86_64-linux-gnu/libx.so', '');
      workshop.install(workshop.program(libc, { with: [made] }), '/program');
    },
  },
  {
    name: 'a loop of links in the run path ends the run path only',
    ends: 'starts',
    make(workshop, libc) {
      const made = workshop.library(libc, 'libx.so');
      workshop.install(made, '/usr/lib/libx.so');
      workshop.link('/opt/libx.so', 'libx.so');
      workshop.install(
        workshop.program(libc, { with: [made], flags: ['-Wl,-rpath,/opt'] }),
        '/program',
      );
    },
  },
  {
    name: 'a file in place of a directory of the run path',
    ends: 'starts',
    make(workshop, libc) {
      const made = workshop.library(libc, 'libx.so');
      workshop.install(made, '/usr/lib/libx.so');
      workshop.write('/opt/file', '');
      workshop.install(
        workshop.program(libc, { with: [made], flags: ['-Wl,-rpath,/opt/file'] }),
        '/program',
      );
    },
  },
  {
    name: 'a library without any versions of which one is required, bound at start',
    ends: since('trixie', 'dies at start', 'starts'),
    make: unversioned(['-Wl,-z,now']),
  },
  {
    name: 'a library without any versions of which one is required, bound at the first call',
    ends: since('trixie', 'dies at the first call', 'starts'),
    make: unversioned(['-Wl,-z,lazy']),
  },
  {
    name: 'a library without any versions, and one before it that has the name',
    ends: 'starts',
    make(workshop, libc) {
      const linked = workshop.library(libc, 'libfirst.so', { source: 'int first;' });
      unversioned(['-Wl,-z,now'], [linked])(workshop, libc);
      workshop.install(workshop.library(libc, 'libfirst.so'), '/usr/lib/libfirst.so');
    },
  },
  {
    name: "musl's libc in the place of libc.so.6",
    ends: 'dies at start',
    make(workshop, libc) {
      workshop.install(muslLoaderPath, '/opt/libc.so.6');
      workshop.install(workshop.program(libc, { flags: ['-Wl,-rpath,/opt'] }), '/program');
    },
  },
  {
    name: "a library built for musl, with musl's libc behind glibc's",
    ends: 'starts',
    make(workshop, libc) {
      workshop.install(muslLoaderPath, '/usr/lib/libc.so');
      const made = workshop.library('musl', 'libx.so');
      workshop.install(made, '/usr/lib/libx.so');
      workshop.install(workshop.program(libc, { with: [made] }), '/program');
    },
  },
  {
    name: 'a library that is cut within its header',
    ends: 'dies at start',
    make: library((file) => cut(file, 40)),
  },
];

/** Files as glibc's loader of a release finds them. */
export function glibcFileCases(libc: Glibc): readonly StartingCase[] {
  return casesFor(cases, libc);
}
