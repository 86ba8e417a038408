import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { DF_1, DT, ET, SHT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import kind, { type BinaryKind } from '../../src/facts/kind.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';
import { repositoryRoot } from '../support/repository.ts';

const loader = '/lib/ld-musl-x86_64.so.1';
const pie: readonly [number, number] = [DT.FLAGS_1, DF_1.PIE];
const debug: readonly [number, number] = [DT.DEBUG, 0];
const offered = { name: 'printf', defined: true };

const cases: readonly { name: string; input: ElfDescription; want: BinaryKind }[] = [
  {
    name: 'ET_EXEC with an interpreter is an executable',
    input: { type: ET.EXEC, interpreter: loader, needed: ['libc.so'] },
    want: 'executable',
  },
  {
    name: 'ET_EXEC that only needs libraries is an executable',
    input: { type: ET.EXEC, needed: ['libc.so'] },
    want: 'executable',
  },
  {
    name: 'ET_EXEC with neither is static',
    input: { type: ET.EXEC, isDynamic: false },
    want: 'static-executable',
  },
  {
    name: 'DF_1_PIE with an interpreter is an executable',
    input: { interpreter: loader, dynamic: [pie] },
    want: 'executable',
  },
  {
    name: 'DF_1_PIE with an interpreter and a SONAME is an executable',
    input: { interpreter: loader, soname: 'program.so', dynamic: [pie] },
    want: 'executable',
  },
  {
    name: 'DF_1_PIE without an interpreter is a static PIE',
    input: { dynamic: [pie], entry: 0x1000 },
    want: 'static-pie',
  },
  {
    name: 'DF_1_PIE makes nothing static that takes symbols of others',
    input: { dynamic: [pie], entry: 0x1000, symbols: [{ name: 'printf', defined: false }] },
    want: 'executable',
  },
  {
    name: 'an interpreter without DF_1_PIE is an executable of an old linker',
    input: { interpreter: loader, dynamic: [debug] },
    want: 'executable',
  },
  {
    name: 'an interpreter and a SONAME make an executable library',
    input: { interpreter: loader, soname: 'libc.so.6', symbols: [offered] },
    want: 'executable-library',
  },
  {
    name: 'a SONAME makes no library of a program that was linked as one',
    input: { interpreter: loader, soname: 'libc.so.6', dynamic: [debug], symbols: [offered] },
    want: 'executable',
  },
  {
    name: 'a SONAME makes no library of what offers nothing',
    input: { interpreter: loader, soname: 'libc.so.6' },
    want: 'executable',
  },
  {
    name: 'a loader’s SONAME makes no loader',
    input: { soname: 'ld-linux-x86-64.so.2', entry: 0x40 },
    want: 'static-pie',
  },
  {
    name: 'musl’s SONAME makes no loader',
    input: { soname: 'libc.musl-x86_64.so.1', entry: 0x40, symbols: [offered] },
    want: 'shared-library',
  },
  {
    name: 'a SONAME makes no loader of a static PIE of an old linker',
    input: { soname: 'ld-linux.so.2', entry: 0x40, dynamic: [debug] },
    want: 'static-pie',
  },
  {
    name: 'glibc’s loader is one by what it keeps for debuggers',
    input: { entry: 0x1000, symbols: [{ name: '_rtld_global', defined: true }] },
    want: 'loader',
  },
  {
    name: 'musl without a SONAME is a loader by what it offers to debuggers',
    input: { entry: 0x1000, symbols: [{ name: '_dl_debug_addr', defined: true }] },
    want: 'loader',
  },
  {
    name: 'a library that needs libc is not a loader, whatever it exports',
    input: {
      entry: 0x1000,
      needed: ['libc.so'],
      symbols: [{ name: '_dl_debug_addr', defined: true }],
    },
    want: 'shared-library',
  },
  {
    name: 'DT_DEBUG and an entry make a static PIE of an old linker',
    input: { entry: 0x1000, dynamic: [debug] },
    want: 'static-pie',
  },
  {
    name: 'MIPS programs have DT_MIPS_RLD_MAP_REL in place of DT_DEBUG',
    input: { entry: 0x1000, dynamic: [[DT.MIPS_RLD_MAP_REL, 0]] },
    want: 'static-pie',
  },
  {
    name: 'an entry point does not make a program of what offers functions',
    input: { entry: 0x40, symbols: [offered] },
    want: 'shared-library',
  },
  {
    name: 'a plugin without SONAME or needs is a shared library',
    input: { entry: 0 },
    want: 'shared-library',
  },
  {
    name: 'ET_DYN without PT_DYNAMIC, with an entry, is a static PIE',
    input: { isDynamic: false, entry: 0x1000 },
    want: 'static-pie',
  },
  { name: 'ET_REL is an object', input: { type: ET.REL }, want: 'object' },
  {
    name: 'ET_REL with .modinfo is a kernel module',
    input: {
      type: ET.REL,
      sections: [{ name: '.modinfo', content: Buffer.from('license=GPL\0') }],
    },
    want: 'kernel-module',
  },
  {
    name: 'ET_REL with code and debug sections is an object',
    input: { type: ET.REL, sections: [{ name: '.debug_info', content: Buffer.alloc(16) }] },
    want: 'object',
  },
  { name: 'ET_CORE is a core', input: { type: ET.CORE }, want: 'core' },
];

describe('kind', () => {
  for (const layout of layouts) {
    for (const { name, input, want } of cases) {
      it(`${name} (${layout.bits} bits, ${layout.byteOrder})`, () => {
        assert.equal(kind(buildElf({ ...layout, ...input }).elf).kind, want);
      });
    }
  }

  it('is not debug-only when a forged section table denies code that is there', () => {
    const { buffer } = buildElf({ interpreter: loader, dynamic: [pie], comments: ['forged'] });
    const { sectionHeaderOffset, sectionHeaderSize } = readElf(bytesOf(buffer)).header;
    const textType = Number(sectionHeaderOffset) + sectionHeaderSize + 4;
    buffer.writeUInt32LE(SHT.NOBITS, textType);
    assert.equal(kind(readElf(bytesOf(buffer))).kind, 'executable');
  });

  it('is debug-only for what objcopy --only-keep-debug leaves', () => {
    const file = readFileSync(join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-debugonly'));
    assert.equal(kind(readElf(bytesOf(file))).kind, 'debug-only');
  });

  it('is debug-only for an object without code, as dwz and -gsplit-dwarf make it', () => {
    const sections = [{ name: '.debug_info.dwo', content: Buffer.alloc(16) }];
    const { buffer } = buildElf({ type: ET.REL, sections });
    const { sectionHeaderOffset, sectionHeaderSize } = readElf(bytesOf(buffer)).header;
    const textSize = Number(sectionHeaderOffset) + sectionHeaderSize + 32;
    buffer.writeBigUInt64LE(0n, textSize);
    assert.equal(kind(readElf(bytesOf(buffer))).kind, 'debug-only');
  });

  it('is not known for a type that the specification does not name', () => {
    assert.throws(() => kind(buildElf({ type: 0x1234 }).elf), MalformedElf);
  });
});
