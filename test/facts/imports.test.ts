import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EM, STB, STV } from '../../src/elf/constants.ts';
import exports from '../../src/facts/exports.ts';
import imports from '../../src/facts/imports.ts';
import { buildElf } from '../support/elf/elf-builder.ts';

const copy = 5;

for (const [bits, byteOrder] of [
  [64, 'little'],
  [32, 'little'],
  [64, 'big'],
  [32, 'big'],
] as const) {
  describe(`imports and exports of ${bits} bits, ${byteOrder}-endian`, () => {
    const { elf } = buildElf({
      bits,
      byteOrder,
      machine: EM.X86_64,
      needed: ['libc.so.6'],
      symbols: [
        { name: 'puts', version: 'GLIBC_2.2.5', library: 'libc.so.6' },
        { name: '__gmon_start__', binding: STB.WEAK },
        { name: 'stdout', defined: true },
        { name: 'frob', defined: true },
        { name: 'inner', defined: true, visibility: STV.HIDDEN },
      ],
      relocations: [{ type: copy, symbol: 'stdout', at: { word: 0 } }],
    });

    it('are apart, with versions and copies', () => {
      assert.deepEqual(imports(elf), {
        names: ['__gmon_start__', 'puts@GLIBC_2.2.5', 'stdout'],
        weak: ['__gmon_start__'],
        seenIn: 'dynamic symbols',
      });
      assert.deepEqual(exports(elf), ['frob']);
    });
  });
}
