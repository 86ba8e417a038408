import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EM, PF, PT } from '../../src/elf/constants.ts';
import separateCode from '../../src/facts/separate-code.ts';
import writableCode from '../../src/facts/writable-code.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

const cases: readonly {
  readonly name: string;
  readonly input: ElfDescription;
  readonly segments: readonly string[];
  readonly threadLocal?: number;
}[] = [
  { name: 'finds nothing in R E and RW', input: {}, segments: [] },
  { name: 'finds RWE', input: { loadFlags: [5, 7] }, segments: ['RWE'] },
  { name: 'finds WE without R', input: { loadFlags: [PF.W | PF.X, 6] }, segments: ['WE'] },
  { name: 'finds each', input: { loadFlags: [7, 7] }, segments: ['RWE', 'RWE'] },
  {
    name: 'keeps thread-local data apart',
    input: { segments: [{ type: PT.TLS, flags: PF.R | PF.X }] },
    segments: [],
    threadLocal: 1,
  },
  {
    name: 'leaves the stack to others',
    input: { segments: [{ type: PT.GNU_STACK, flags: 7 }] },
    segments: [],
  },
];

for (const layout of layouts) {
  describe(`writable code of ${layout.bits}-bit ${layout.byteOrder}-endian files`, () => {
    for (const { name, input, segments, threadLocal = 0 } of cases) {
      it(name, () => {
        const fact = writableCode(buildElf({ ...layout, ...input }).elf);
        assert.deepEqual(
          fact.segments.map(({ saw }) => saw),
          segments,
        );
        assert.equal(fact.threadLocal.length, threadLocal);
      });
    }

    it('shows headers that are executable', () => {
      assert.equal(separateCode(buildElf({ ...layout }).elf).withHeaders.length, 1);
      const separate = separateCode(buildElf({ ...layout, loadFlags: [4, 6] }).elf);
      assert.deepEqual(separate, { executableSegments: 0, withHeaders: [] });
    });
  });
}

describe('writable memory that Linux makes executable', () => {
  const program: ElfDescription = { bits: 32, byteOrder: 'little', interpreter: '/lib/ld.so' };
  const stack = { type: PT.GNU_STACK, flags: 7 };
  const claims: readonly {
    readonly name: string;
    readonly input: ElfDescription;
    readonly implied: number;
  }[] = [
    { name: 'i386, no PT_GNU_STACK', input: { machine: EM.I386 }, implied: 1 },
    { name: '32-bit Arm, no PT_GNU_STACK', input: { machine: EM.ARM }, implied: 1 },
    {
      name: '32-bit PowerPC, no PT_GNU_STACK',
      input: { machine: EM.PPC, byteOrder: 'big' },
      implied: 1,
    },
    {
      name: 'a stack that is executable',
      input: { machine: EM.I386, segments: [stack] },
      implied: 0,
    },
    { name: 'x86-64', input: { machine: EM.X86_64, bits: 64 }, implied: 0 },
    { name: 'MIPS', input: { machine: EM.MIPS }, implied: 0 },
  ];
  for (const { name, input, implied } of claims) {
    it(`${name}: ${implied}`, () => {
      assert.equal(writableCode(buildElf({ ...program, ...input }).elf).implied.length, implied);
    });
  }
});
