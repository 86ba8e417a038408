import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EM, ET } from '../../src/elf/constants.ts';
import embeddedLibraries from '../../src/facts/embedded-libraries.ts';
import objectCode from '../../src/facts/object-code.ts';
import openedNames from '../../src/facts/opened-names.ts';
import otherProtections from '../../src/facts/other-protections.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';

const withConstants = (texts: readonly string[], other: Partial<ElfDescription> = {}) =>
  buildElf({ needed: ['libc.so.6'], code: Buffer.from(['', ...texts, ''].join('\0')), ...other })
    .elf;

const embedded = (texts: readonly string[], other?: Partial<ElfDescription>) =>
  embeddedLibraries(withConstants(texts, other)).map(({ name, version }) => `${name} ${version}`);

test('a library that was compiled in is found by the text that its source puts into every build', () => {
  const texts = [
    ' inflate 1.2.13 Copyright 1995-2022 Mark Adler ',
    '\0OpenSSL 1.1.1w  11 Sep 2023',
    'expat_2.5.0',
    '1.0.8, 13-Jul-2019',
    '10.42 2022-12-11',
    '2022-12-28 14:03:47 df5c253c0b3dd24916e4ec7cf77d3db5294cc9fd45ae7b9c5e82ad8197f38a24',
  ];
  assert.deepEqual(embedded(texts), [
    'zlib 1.2.13',
    'OpenSSL 1.1.1w',
    'expat 2.5.0',
    'bzip2 1.0.8',
    'PCRE2 10.42',
    'SQLite 2022-12-28',
  ]);
});

test('a library is not in itself, and its name in another text is not the library', () => {
  const zlib = ' inflate 1.2.13 Copyright 1995-2022 Mark Adler ';
  assert.deepEqual(embedded([zlib], { soname: 'libz.so.1' }), []);
  assert.deepEqual(embedded(['requires OpenSSL 1.1.1', 'libcurl/%s', 'version 10.42']), []);
});

test('names of libraries are shown of a file that opens some, without those that it needs', () => {
  const texts = [
    'libssl.so.3',
    'libc.so.6',
    '/usr/lib/x/plugin.so',
    'see libfoo.so for more',
    '.so',
  ];
  const opening = { symbols: [{ name: 'dlopen' }] };
  assert.deepEqual(openedNames(withConstants(texts, opening)), {
    opens: true,
    names: ['/usr/lib/x/plugin.so', 'libssl.so.3'],
  });
  assert.deepEqual(openedNames(withConstants(texts)), { opens: false, names: [] });
});

test('a shadow call stack is found where both of its instructions are code', () => {
  const words = (...those: readonly number[]) =>
    Buffer.from(those.flatMap((word) => [word, word >>> 8, word >>> 16, word >>> 24]));
  const [push, pop, nop] = [0xf800865e, 0xf85f8e5e, 0xd503201f];
  const found = (machine: number, code: Buffer) =>
    otherProtections(buildElf({ machine, code }).elf).map(({ name }) => name);
  assert.deepEqual(found(EM.AARCH64, words(push, nop, pop)), ['ShadowCallStack']);
  assert.deepEqual(found(EM.AARCH64, words(push, nop)), []);
  assert.deepEqual(found(EM.X86_64, words(push, nop, pop)), []);
});

test('checked calls of AArch64 are kCFI where what follows traps by the number of the kernel', () => {
  const words = (...those: readonly number[]) =>
    Buffer.from(those.flatMap((word) => [word, word >>> 8, word >>> 16, word >>> 24]));
  const [compare, over, trap, other, call] = [
    0x6b11021f, 0x54000040, 0xd4304500, 0xd4200000, 0xd63f0100,
  ];
  const found = (machine: number, code: Buffer) =>
    otherProtections(buildElf({ machine, code }).elf).map(({ name }) => name);
  assert.deepEqual(found(EM.AARCH64, words(compare, over, trap, call)), ['kCFI']);
  assert.deepEqual(found(EM.AARCH64, words(compare, over, other, call)), []);
  assert.deepEqual(found(EM.AARCH64, words(compare, over)), []);
  assert.deepEqual(found(EM.X86_64, words(compare, over, trap, call)), []);
});

test('an object file says whether it fits a position-independent program, and has code', () => {
  const object = (machine: number, type: number, sections: ElfDescription['sections'] = []) => {
    const relocations = [{ type, symbol: 'x', at: { word: 0 } }];
    const staticSymbols = [{ name: 'x' }];
    const { elf } = buildElf({ type: ET.REL, machine, staticSymbols, relocations, sections });
    return objectCode(elf);
  };
  assert.equal(object(EM.X86_64, 11)?.fitsPie, false);
  assert.equal(object(EM.X86_64, 4)?.fitsPie, true);
  assert.equal(object(EM.AARCH64, 263)?.fitsPie, false);
  assert.equal(object(EM.RISCV, 1)?.fitsPie, null);
  const lto = [{ name: '.gnu.lto_.main.1', content: Buffer.from('x') }];
  assert.equal(object(EM.X86_64, 4)?.bytecode, 'none');
  assert.notEqual(object(EM.X86_64, 4, lto)?.bytecode, 'none');
  assert.equal(objectCode(buildElf({}).elf), null);
});

test('rare protections are found by their runtimes, tags and notes', () => {
  const names = (description: ElfDescription) =>
    otherProtections(buildElf(description).elf).map(({ name }) => name);
  assert.deepEqual(names({ symbols: [{ name: '__safestack_init' }, { name: '__cfi_slowpath' }] }), [
    'SafeStack',
    'CFI',
  ]);
  assert.deepEqual(names({ machine: EM.AARCH64, dynamic: [[0x70000009, 0]] }), ['MTE']);
  assert.deepEqual(names({ machine: EM.AARCH64, dynamic: [[0x70000003, 0]] }), ['PAuth ABI']);
  assert.deepEqual(names({ dynamic: [[0x70000009, 0]] }), []);
});
