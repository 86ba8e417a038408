import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EM, ET } from '../../src/elf/constants.ts';
import libc, { type LibcName } from '../../src/facts/libc.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';

const isStatic: ElfDescription = { type: ET.EXEC, isDynamic: false };

function constants(...texts: string[]): Buffer {
  return Buffer.from(`\0\0\0\0${texts.join('\0')}\0`, 'latin1');
}

const muslStart = Buffer.from(
  '4831ed4889e7488d35000000004883e4f0e8000000000000000000000000000000',
  'hex',
);

/** Code of nothing but `nop` and what is given, to the end of its page. */
const nops = (hex: string) => ({
  ...isStatic,
  code: Buffer.concat([Buffer.alloc(80, 0x90), Buffer.from(hex, 'hex')]),
});

/** The same of AArch64, whose instructions are words. */
const words = (hex: string) => ({
  ...isStatic,
  machine: EM.AARCH64,
  code: Buffer.from(`${'1f2003d5'.repeat(20)}${hex}`, 'hex'),
});

const cases: readonly { name: string; input: ElfDescription; want: LibcName }[] = [
  {
    name: 'musl by its loader, before what is needed',
    input: { interpreter: '/lib/ld-musl-aarch64.so.1', needed: ['libc.so.6'] },
    want: 'musl',
  },
  {
    name: 'glibc by its loader',
    input: { interpreter: '/lib64/ld-linux-x86-64.so.2' },
    want: 'glibc',
  },
  {
    name: 'glibc by a loader in another directory',
    input: { interpreter: '/nix/store/abc-glibc-2.39/lib/ld-linux-x86-64.so.2' },
    want: 'glibc',
  },
  { name: 'glibc by the loader of s390x', input: { interpreter: '/lib/ld64.so.1' }, want: 'glibc' },
  { name: 'uClibc by its loader', input: { interpreter: '/lib/ld-uClibc.so.0' }, want: 'uclibc' },
  { name: 'bionic by its loader', input: { interpreter: '/system/bin/linker64' }, want: 'bionic' },
  { name: 'none where no code can return', input: nops('0f05'), want: 'none' },
  { name: 'an unknown one where some code returns', input: nops('0f05c3'), want: 'unknown' },
  {
    name: 'an unknown one where some code jumps by a pointer',
    input: nops('ffe0'),
    want: 'unknown',
  },
  {
    name: 'an unknown one where code can be written',
    input: { ...nops('0f05'), loadFlags: [7, 6] },
    want: 'unknown',
  },
  { name: 'none where no code of AArch64 can return', input: words('010000d4'), want: 'none' },
  {
    name: 'an unknown one where some code of AArch64 returns',
    input: words('c0035fd6'),
    want: 'unknown',
  },
  {
    name: 'an unknown one where some code of AArch64 checks a pointer and returns',
    input: words('ff0b5fd6'),
    want: 'unknown',
  },
  {
    name: 'an unknown one where some code of AArch64 calls by a pointer',
    input: words('20003fd6'),
    want: 'unknown',
  },
  {
    name: 'an unknown one on machines whose instructions are not looked at',
    input: { ...nops('0f05'), machine: EM.S390 },
    want: 'unknown',
  },
  {
    name: 'no known libc by the loader of FreeBSD',
    input: { interpreter: '/libexec/ld-elf.so.1' },
    want: 'none',
  },
  {
    name: 'Alpine’s musl by what is needed',
    input: { needed: ['libc.musl-x86_64.so.1'] },
    want: 'musl',
  },
  { name: 'glibc by what is needed', input: { needed: ['libz.so.1', 'libc.so.6'] }, want: 'glibc' },
  { name: 'musl by a needed libc.so', input: { needed: ['libc.so'] }, want: 'musl' },
  {
    name: 'bionic by a needed libc.so and a note of Android',
    input: {
      needed: ['libc.so'],
      notes: [{ owner: 'Android', type: 1, description: Buffer.alloc(4) }],
    },
    want: 'bionic',
  },
  {
    name: 'glibc by a version that is needed',
    input: {
      needed: ['libm.so.5'],
      symbols: [{ name: 'sin', version: 'GLIBC_2.2.5', library: 'libm.so.5' }],
    },
    want: 'glibc',
  },
  {
    name: 'nothing by a version of libgcc_s, which musl systems have too',
    input: {
      needed: ['libgcc_s.so.1'],
      symbols: [{ name: '_Unwind_Resume', version: 'GLIBC_2.0', library: 'libgcc_s.so.1' }],
    },
    want: 'unknown',
  },
  {
    name: 'a library that takes nothing needs none',
    input: { soname: 'libicudata.so.72' },
    want: 'none',
  },
  {
    name: 'a plugin takes its libc from its program',
    input: { symbols: [{ name: 'malloc' }] },
    want: 'unknown',
  },
  {
    name: 'no libc by its name alone',
    input: { soname: 'libc.so.6', entry: 0x1000, symbols: [{ name: 'puts', defined: true }] },
    want: 'none',
  },
  {
    name: 'musl by what its loader keeps for debuggers',
    input: { entry: 0x1000, symbols: [{ name: '_dl_debug_addr', defined: true }] },
    want: 'musl',
  },
  {
    name: 'static glibc by its tunables',
    input: { ...isStatic, code: constants('GLIBC_TUNABLES') },
    want: 'glibc',
  },
  {
    name: 'static musl by its error texts',
    input: { ...isStatic, code: constants('No error information') },
    want: 'musl',
  },
  {
    name: 'static glibc, though it prints musl’s error text',
    input: { ...isStatic, code: constants('No error information', 'GLIBC_TUNABLES') },
    want: 'glibc',
  },
  {
    name: 'static uClibc by its time zone file',
    input: { ...isStatic, code: constants('/etc/TZ') },
    want: 'uclibc',
  },
  {
    name: 'nothing by a longer path',
    input: { ...isStatic, code: constants('/etc/TZDATA', '\xc3') },
    want: 'unknown',
  },
  {
    name: 'static musl by its start code alone',
    input: { ...isStatic, machine: EM.X86_64, code: muslStart },
    want: 'musl',
  },
  {
    name: 'no libc by a symbol table without its start',
    input: {
      ...isStatic,
      code: Buffer.alloc(4096),
      staticSymbols: [{ name: '_start', defined: true, value: 0x400200, size: 3000 }],
    },
    want: 'none',
  },
  {
    name: 'unknown by a symbol table that names nothing of the code',
    input: { ...nops('c3'), staticSymbols: [{ name: '_start', defined: true }] },
    want: 'unknown',
  },
  { name: 'unknown when static, stripped and without a sign', input: nops('c3'), want: 'unknown' },
  { name: 'unknown for an object', input: { type: ET.REL }, want: 'unknown' },
];

describe('libc', () => {
  for (const { name, input, want } of cases) {
    it(name, () => {
      const { elf, region } = buildElf(input);
      // The builder puts the code behind the headers; the entry is where it begins.
      const entry = input.entry ?? Number(region('code').address);
      const built = input.code === muslStart ? buildElf({ ...input, entry }).elf : elf;
      assert.equal(libc(built).name, want);
    });
  }
});
