import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET, PF, PT, SHF } from '../../src/elf/constants.ts';
import stackSegment from '../../src/facts/stack-segment.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

const mark = (flags: number) => ({ type: PT.GNU_STACK, flags });
const note = (flags = 0n) => ({ name: '.note.GNU-stack', flags, content: Buffer.alloc(0) });

const cases: readonly {
  readonly name: string;
  readonly input: ElfDescription;
  readonly want: readonly [
    by: string,
    executable: boolean | null,
    flags: string | null,
    count: number,
  ];
}[] = [
  { name: 'reads RW', input: { segments: [mark(PF.R | PF.W)] }, want: ['segment', false, 'RW', 1] },
  {
    name: 'reads RWE',
    input: { segments: [mark(PF.R | PF.W | PF.X)] },
    want: ['segment', true, 'RWE', 1],
  },
  { name: 'reads E without R', input: { segments: [mark(PF.X)] }, want: ['segment', true, 'E', 1] },
  {
    name: 'reads no flags at all',
    input: { segments: [mark(0)] },
    want: ['segment', false, 'none', 1],
  },
  {
    name: 'lets the last of two win: bad',
    input: { segments: [mark(6), mark(7)] },
    want: ['segment', true, 'RWE', 2],
  },
  {
    name: 'lets the last of two win: good',
    input: { segments: [mark(7), mark(6)] },
    want: ['segment', false, 'RW', 2],
  },
  { name: 'says when there is none', input: {}, want: ['segment', null, null, 0] },
  {
    name: 'reads the note of an object',
    input: { type: ET.REL, sections: [note()] },
    want: ['section', false, 'none', 1],
  },
  {
    name: 'reads an executable note of an object',
    input: { type: ET.REL, sections: [note(SHF.EXECINSTR)] },
    want: ['section', true, 'X', 1],
  },
  {
    name: 'says when an object has none',
    input: { type: ET.REL },
    want: ['section', null, null, 0],
  },
  {
    name: 'asks nothing of an object without content',
    input: {
      type: ET.REL,
      code: Buffer.alloc(0),
      sections: [{ name: '.go_export', content: Buffer.alloc(8) }],
    },
    want: ['nothing', null, null, 0],
  },
];

for (const layout of layouts) {
  describe(`stack mark of ${layout.bits}-bit ${layout.byteOrder}-endian files`, () => {
    for (const { name, input, want } of cases) {
      it(name, () => {
        const { by, executable, flags, count } = stackSegment(
          buildElf({ ...layout, ...input }).elf,
        );
        assert.deepEqual([by, executable, flags, count], want);
      });
    }

    it('shows the flags at their offset', () => {
      const { elf, buffer } = buildElf({ ...layout, segments: [mark(7)] });
      const offset = Number(stackSegment(elf).offset);
      const flags =
        layout.byteOrder === 'little' ? buffer.readUInt32LE(offset) : buffer.readUInt32BE(offset);
      assert.equal(flags, 7);
    });
  });
}
