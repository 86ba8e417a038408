import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { MalformedElf } from '../../src/base/errors.ts';
import { SHF } from '../../src/elf/constants.ts';
import buildId from '../../src/facts/build-id.ts';
import buildPaths from '../../src/facts/build-paths.ts';
import compilers from '../../src/facts/compilers.ts';
import recordedFlags from '../../src/facts/recorded-flags.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { SectionDescription } from '../support/elf/elf-sections.ts';

const gcc = 'GNU C17 12.2.0 -mtune=generic -march=x86-64 -g -O2 -fstack-protector-strong';

interface Unit {
  readonly name: string;
  readonly directory?: string;
  readonly producer: string;
}

/** Debug information of version 4 with one unit for each, and the names in `.debug_str`. */
function dwarf(units: readonly Unit[]): readonly SectionDescription[] {
  const strings: Buffer[] = [];
  let length = 0;
  const place = (text: string) => {
    const bytes = Buffer.from(`${text}\0`);
    strings.push(bytes);
    length += bytes.length;
    return length - bytes.length;
  };
  const info = units.map(({ name, directory = '.', producer }) => {
    const unit = Buffer.alloc(24);
    unit.writeUInt32LE(20, 0);
    unit.writeUInt16LE(4, 4);
    unit[10] = 8;
    unit[11] = 1;
    [name, directory, producer].forEach((text, index) => {
      unit.writeUInt32LE(place(text), 12 + 4 * index);
    });
    return unit;
  });
  const abbreviations = Buffer.from([1, 0x11, 0, 0x03, 0x0e, 0x1b, 0x0e, 0x25, 0x0e, 0, 0, 0]);
  return [
    { name: '.debug_info', content: Buffer.concat(info) },
    { name: '.debug_abbrev', content: abbreviations },
    { name: '.debug_str', content: Buffer.concat(strings) },
  ];
}

function flagsOf(sections: readonly SectionDescription[]) {
  return recordedFlags(buildElf({ sections }).elf);
}

/** As linkers compress a debug section: Elf64_Chdr, then zlib. */
function compressed(section: SectionDescription, damage = 0): SectionDescription {
  const content = Buffer.isBuffer(section.content) ? section.content : Buffer.alloc(0);
  const header = Buffer.alloc(24);
  header.writeUInt32LE(1, 0);
  header.writeBigUInt64LE(BigInt(content.length), 8);
  const stored = deflateSync(content).subarray(damage);
  return { ...section, flags: SHF.COMPRESSED, content: Buffer.concat([header, stored]) };
}

describe('recordedFlags', () => {
  it('reads gcc’s options from each compile unit, and counts equal ones', () => {
    const units = ['a.c', 'b.c'].map((name) => ({ name, producer: gcc }));
    const odd = { name: 'odd.c', producer: 'GNU C17 12.2.0 -O0' };
    const [first, second, ...rest] = flagsOf(dwarf([...units, odd]));
    assert.deepEqual(rest, []);
    assert.equal(first?.files, 2);
    assert.equal(first.compiler, 'GNU C17 12.2.0');
    assert.deepEqual(first.options.slice(-2), ['-O2', '-fstack-protector-strong']);
    assert.deepEqual(second?.options, ['-O0']);
    assert.equal(second.example, 'odd.c');
  });

  it('reads compressed debug information', () => {
    const sections = dwarf([{ name: 'a.c', producer: gcc }]).map((section) => compressed(section));
    assert.equal(flagsOf(sections).length, 1);
  });

  it('is not known when they do not decompress', () => {
    const sections = dwarf([{ name: 'a.c', producer: gcc }]).map((section) =>
      compressed(section, 3),
    );
    assert.throws(() => flagsOf(sections), MalformedElf);
  });

  it('leaves out assembler, start files and objects of the C library', () => {
    const units = [
      { name: 'x.s', producer: 'GNU AS 2.40' },
      { name: 'crt/Scrt1.c', producer: 'GNU C99 11.2.0 -O2 -fno-stack-protector' },
      { name: '../sysdeps/x86/abi-note.c', directory: './csu', producer: gcc },
      { name: 'src/string/memcpy.c', producer: 'GNU C99 11.2.0 -ffreestanding -O2' },
    ];
    assert.deepEqual(flagsOf(dwarf(units)), []);
  });

  it('reads clang’s options where they were recorded, and none where not', () => {
    const clang = 'Debian clang version 16.0.6 (15~deb12u1)';
    assert.deepEqual(flagsOf(dwarf([{ name: 'a.c', producer: clang }])), []);
    const [found] = flagsOf(
      dwarf([{ name: 'a.c', producer: `${clang} /usr/bin/clang -O2 -g a.c` }]),
    );
    assert.equal(found?.compiler, clang);
    assert.deepEqual(found.options, ['-O2', '-g']);
  });

  it('reads .GCC.command.line', () => {
    const content = Buffer.from(`${gcc}\0/usr/lib/llvm-16/bin/clang -O1 z.c\0`);
    const found = flagsOf([{ name: '.GCC.command.line', content }]);
    assert.deepEqual(
      found.map(({ compiler, source }) => [compiler, source]),
      [
        ['GNU C17 12.2.0', '.GCC.command.line'],
        ['clang', '.GCC.command.line'],
      ],
    );
  });

  it('reads annobin’s notes', () => {
    const note = (name: Buffer) => {
      const head = Buffer.alloc(12);
      head.writeUInt32LE(name.length, 0);
      head.writeUInt32LE(0x100, 8);
      return Buffer.concat([head, name, Buffer.alloc((4 - (name.length % 4)) % 4)]);
    };
    const content = Buffer.concat([
      note(Buffer.from('GA$\x013p8\0', 'latin1')),
      note(Buffer.from('GA*\x02\x03\0', 'latin1')),
      note(Buffer.from('GA+stack_clash\0', 'latin1')),
      note(Buffer.from('GA*FORTIFY\0\x02\0', 'latin1')),
      note(Buffer.from('GA!GLIBCXX_ASSERTIONS\0', 'latin1')),
    ]);
    const [found] = flagsOf([{ name: '.gnu.build.attributes', content }]);
    assert.deepEqual(found?.options, [
      '-D_FORTIFY_SOURCE=2',
      '-fstack-clash-protection',
      '-fstack-protector-strong',
    ]);
  });

  it('does not run away with debug information of zeros or of nonsense', () => {
    for (const byte of [0, 1, 0x7f, 0xff]) {
      const content = Buffer.alloc(4096, byte);
      const names = ['.debug_info', '.debug_abbrev', '.debug_str'];
      const sections = names.map((name) => ({ name, content }));
      try {
        assert.deepEqual(flagsOf(sections), []);
      } catch (error) {
        assert.ok(error instanceof MalformedElf, String(error));
      }
    }
  });
});

describe('buildPaths', () => {
  const cases = [
    {
      name: 'a source file below /home',
      text: '\0/home/ann/app/main.c\0',
      want: ['/home/ann/app/main.c'],
    },
    {
      name: 'one of a build service',
      text: '\0/builds/group/app/src/lib.rs:12\0',
      want: ['/builds/group/app/src/lib.rs'],
    },
    { name: 'no bare directory', text: '\0/home/\0/root/.config\0', want: [] },
    { name: 'no part of a longer path', text: '\0/opt/home/ann/main.c\0', want: [] },
    { name: 'no web address', text: '\0https://example.org/build/main.c\0', want: [] },
  ];
  for (const { name, text, want } of cases) {
    it(`finds ${name}`, () => {
      const found = buildPaths(buildElf({ code: Buffer.from(text) }).elf);
      assert.deepEqual(
        found.map(({ path }) => path),
        want,
      );
    });
  }

  it('finds the folder of compilation', () => {
    const units = [{ name: 'a.c', directory: '/home/ann/app', producer: gcc }];
    const [found] = buildPaths(buildElf({ sections: dwarf(units) }).elf);
    assert.equal(found?.path, '/home/ann/app');
    assert.equal(found.where, 'debug information');
  });
});

describe('compilers', () => {
  const cases = [
    {
      text: 'GCC: (Alpine 13.2.1_git20240309) 13.2.1 20240309',
      want: ['gcc', '13.2.1', 'Alpine 13.2.1_git20240309'],
    },
    { text: 'GCC: (GNU) 13.2.0', want: ['gcc', '13.2.0', null] },
    { text: 'Debian clang version 16.0.6 (15~deb12u1)', want: ['clang', '16.0.6', 'Debian'] },
    { text: 'clang version 17.0.1', want: ['clang', '17.0.1', null] },
    { text: 'rustc version 1.78.0 (9b00956e5 2024-04-29)', want: ['rustc', '1.78.0', null] },
    { text: 'Linker: LLD 17.0.1', want: ['lld', '17.0.1', null] },
    { text: 'mold 2.4.0 (compatible with GNU ld)', want: ['mold', '2.4.0', null] },
    { text: 'Whatever 1', want: ['other', null, null] },
  ];
  for (const { text, want } of cases) {
    it(`reads ${text}`, () => {
      const [found] = compilers(buildElf({ comments: [text] }).elf);
      assert.deepEqual([found?.name, found?.version, found?.distribution], want);
    });
  }
});

describe('buildId', () => {
  const gnu = { owner: 'GNU', type: 3, description: Buffer.from('0123abcd', 'hex') };
  const go = { owner: 'Go', type: 4, description: Buffer.from('a/b/c/d') };

  it('is GNU’s, also with that of Go', () => {
    assert.deepEqual(buildId(buildElf({ notes: [go, gnu] }).elf)?.id, '0123abcd');
  });
  it('is Go’s own where it is alone', () => {
    assert.equal(buildId(buildElf({ notes: [go] }).elf)?.form, 'go');
  });
  it('is null without a note, and for an empty one', () => {
    assert.equal(buildId(buildElf({}).elf), null);
    assert.equal(
      buildId(buildElf({ notes: [{ ...gnu, description: Buffer.alloc(0) }] }).elf),
      null,
    );
  });
});
