import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DT, EM, ET, PF, PT } from '../../src/elf/constants.ts';
import {
  dynamicTagName,
  fileTypeName,
  flagsText,
  machineName,
  segmentTypeName,
} from '../../src/elf/headers/names.ts';
import { relocationTypes } from '../../src/elf/relocations/relocation-types.ts';

const cases: readonly { readonly name: string; readonly got: string; readonly want: string }[] = [
  { name: 'a machine', got: machineName(EM.X86_64), want: 'Advanced Micro Devices X86-64' },
  { name: 'an unknown machine', got: machineName(0xbeef), want: '<unknown: 0xbeef>' },
  { name: 'a file type', got: fileTypeName(ET.DYN), want: 'DYN' },
  { name: 'an unknown file type', got: fileTypeName(0xfe00), want: '<unknown: 0xfe00>' },
  { name: 'a segment type', got: segmentTypeName(PT.GNU_RELRO), want: 'GNU_RELRO' },
  { name: 'a processor segment', got: segmentTypeName(0x70000001, EM.ARM), want: 'EXIDX' },
  { name: 'the same elsewhere', got: segmentTypeName(0x70000001), want: 'LOPROC+0x1' },
  { name: 'a system segment', got: segmentTypeName(0x65041580), want: 'LOOS+0x5041580' },
  { name: 'an unknown segment', got: segmentTypeName(0x10), want: '<unknown: 0x10>' },
  { name: 'a dynamic tag', got: dynamicTagName(DT.RUNPATH), want: 'RUNPATH' },
  { name: 'flags', got: flagsText(PF.R | PF.W | PF.X), want: 'RWE' },
  { name: 'some flags', got: flagsText(PF.R | PF.X), want: 'RE' },
  { name: 'no flags', got: flagsText(0), want: 'none' },
];

for (const { name, got, want } of cases) {
  test(`names ${name}`, () => assert.equal(got, want));
}

test('relocation types follow the machine, and an unknown machine has none', () => {
  const slots = [
    [EM.X86_64, 7, 37],
    [EM.I386, 7, 42],
    [EM.AARCH64, 1026, 1032],
    [EM.ARM, 22, 160],
    [EM.RISCV, 5, 58],
    [EM.PPC64, 21, 248],
    [EM.S390, 11, 61],
    [EM.LOONGARCH, 5, 12],
    [EM.MIPS, 127, null],
  ] as const;
  for (const [machine, jumpSlot, irelative] of slots) {
    const types = relocationTypes(machine);
    assert.deepEqual([types?.jumpSlot, types?.irelative], [jumpSlot, irelative]);
  }
  assert.equal(relocationTypes(0xbeef), null);
});
