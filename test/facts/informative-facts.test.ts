import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EM } from '../../src/elf/constants.ts';
import embeddedLibraries from '../../src/facts/embedded-libraries.ts';
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
