import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF_1, DT, EM, ET } from '../../src/elf/constants.ts';
import debugInformation from '../../src/facts/debug-information.ts';
import linking, { type Linking } from '../../src/facts/linking.ts';
import machine from '../../src/facts/machine.ts';
import runPath from '../../src/facts/run-path.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';

describe('machine', () => {
  const cases: readonly { input: ElfDescription; want: string }[] = [
    { input: { machine: EM.X86_64 }, want: 'x86-64' },
    { input: { machine: EM.X86_64, bits: 32 }, want: 'x32' },
    { input: { machine: EM.AARCH64 }, want: 'aarch64' },
    { input: { machine: EM.PPC64 }, want: 'ppc64le' },
    { input: { machine: EM.PPC64, byteOrder: 'big' }, want: 'ppc64' },
    { input: { machine: EM.MIPS, bits: 32, byteOrder: 'big' }, want: 'mips' },
    { input: { machine: EM.MIPS, bits: 64 }, want: 'mips64el' },
    { input: { machine: EM.RISCV }, want: 'riscv64' },
    { input: { machine: EM.S390, byteOrder: 'big' }, want: 's390x' },
    { input: { machine: 0x7777 }, want: '<unknown: 0x7777>' },
  ];
  for (const { input, want } of cases) {
    it(`calls it ${want}`, () => {
      assert.equal(machine(buildElf(input).elf).name, want);
    });
  }
});

describe('linking', () => {
  const interpreter = '/lib/ld-musl-x86_64.so.1';
  const cases: readonly { name: string; input: ElfDescription; want: Linking['how'] }[] = [
    { name: 'a program with a loader', input: { interpreter }, want: 'dynamic' },
    { name: 'a library, which its program loads', input: { soname: 'libx.so' }, want: 'dynamic' },
    { name: 'a program without', input: { type: ET.EXEC, isDynamic: false }, want: 'static' },
    { name: 'a static PIE', input: { dynamic: [[DT.FLAGS_1, DF_1.PIE]] }, want: 'static' },
    {
      name: 'a PIE that needs libraries though it names no loader',
      input: { dynamic: [[DT.FLAGS_1, DF_1.PIE]], needed: ['libc.so'] },
      want: 'dynamic',
    },
    { name: 'an object', input: { type: ET.REL }, want: 'none' },
  ];
  for (const { name, input, want } of cases) {
    it(`is ${want} for ${name}`, () => {
      assert.equal(linking(buildElf(input).elf).how, want);
    });
  }
});

describe('runPath', () => {
  it('distinguishes an empty path from none', () => {
    assert.deepEqual(runPath(buildElf({ runpath: '' }).elf), { rpath: null, runpath: '' });
    assert.deepEqual(runPath(buildElf({ rpath: '/a:/b' }).elf), { rpath: '/a:/b', runpath: null });
  });
});

describe('debugInformation', () => {
  it('is nothing in a file without sections', () => {
    const want = { symbols: false, sections: [], size: 0n, link: null, mini: false };
    assert.deepEqual(debugInformation(buildElf({}).elf), want);
  });

  it('names and measures debug sections, and where the rest went', () => {
    const found = debugInformation(
      buildElf({
        staticSymbols: [{ name: 'main', defined: true }],
        sections: [
          { name: '.debug_info', content: Buffer.alloc(10) },
          { name: '.debug_line', content: Buffer.alloc(5) },
          { name: '.gnu_debuglink', content: Buffer.from('x.debug\0\0\0\0\0') },
          { name: '.gnu_debugdata', content: Buffer.alloc(3) },
        ],
      }).elf,
    );
    assert.deepEqual(found, {
      symbols: true,
      sections: ['.debug_info', '.debug_line'],
      size: 15n,
      link: 'x.debug',
      mini: true,
    });
  });
});
