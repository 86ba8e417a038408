import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF_1, DT, EM } from '../../src/elf/constants.ts';
import relro, { type RelroState } from '../../src/facts/relro.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';
import { buildRelroElf } from '../support/elf/relro-elf.ts';

const jumpSlot = 7;
const irelative = 37;
const globDat = 6;

function slot(word: number, type = jumpSlot, plt = true) {
  return { type, at: { word }, plt };
}

interface Case {
  readonly name: string;
  readonly input: ElfDescription & { readonly relroWords: number };
  readonly want: RelroState;
  readonly covered?: number;
  readonly open?: number;
}

const cases: readonly Case[] = [
  {
    name: 'is full when every slot is inside',
    input: { relroWords: 4, relocations: [slot(0), slot(3)] },
    want: 'full',
    covered: 2,
  },
  {
    name: 'is partial when one slot of many is outside',
    input: { relroWords: 4, relocations: [slot(0), slot(1), slot(4)] },
    want: 'partial',
    covered: 2,
    open: 1,
  },
  {
    name: 'is partial with BIND_NOW when the slots are outside',
    input: { relroWords: 1, relocations: [slot(2)], dynamic: [[DT.FLAGS_1, DF_1.NOW]] },
    want: 'partial',
    open: 1,
  },
  {
    name: 'counts IRELATIVE outside DT_JMPREL',
    input: { relroWords: 1, relocations: [slot(5, irelative, false)] },
    want: 'partial',
    open: 1,
  },
  {
    name: 'does not count pointers to data',
    input: { relroWords: 1, relocations: [slot(5, globDat, false)] },
    want: 'full',
  },
  { name: 'is full when nothing is bound', input: { relroWords: 1 }, want: 'full' },
  {
    name: 'skips relocations of type none',
    input: { relroWords: 4, relocations: [{ type: 0, at: 8 }, slot(0)] },
    want: 'full',
    covered: 1,
  },
  {
    name: 'is not available on MIPS when the GOT is left out',
    input: { machine: EM.MIPS, relroWords: 1, relocations: [slot(2, 127)] },
    want: 'not-available',
    open: 1,
  },
  {
    name: 'is undecided where relocation types are not known',
    input: { machine: 0x7777, relroWords: 4, relocations: [slot(0)] },
    want: 'undecided',
  },
];

for (const layout of layouts) {
  describe(`RELRO of ${layout.bits}-bit ${layout.byteOrder}-endian files`, () => {
    for (const { name, input, want, covered = 0, open = 0 } of cases) {
      it(name, () => {
        const fact = relro(buildRelroElf({ ...layout, ...input }).elf);
        assert.deepEqual([fact.state, fact.covered, fact.open], [want, covered, open]);
      });
    }

    it('is none without PT_GNU_RELRO, whatever BIND_NOW says', () => {
      const { elf } = buildElf({
        ...layout,
        relocations: [slot(0)],
        dynamic: [[DT.BIND_NOW, 0]],
      });
      assert.deepEqual([relro(elf).state, relro(elf).open], ['none', 1]);
    });

    it('covers whole pages only: what lies behind the last page boundary stays writable', () => {
      const aligned = buildRelroElf({ ...layout, relroWords: 4, relocations: [slot(3)] });
      const base = Number(aligned.region('data').address) - aligned.region('data').offset + 16;
      const shifted = buildElf({ ...layout, relroWords: 4, relocations: [slot(3)], base });
      assert.equal(relro(aligned.elf).state, 'full');
      assert.equal(relro(shifted.elf).state, 'partial');
    });
  });
}

it('says where the range and the first slot outside are in the file', () => {
  const built = buildRelroElf({ relroWords: 1, relocations: [slot(2)] });
  const places = relro(built.elf).evidence.map(({ offset }) => offset);
  const header = built.elf.segments.find(({ type }) => type === 0x6474e552)?.index ?? -1;
  assert.deepEqual(places, [
    BigInt(64 + header * 56),
    undefined,
    BigInt(built.region('data').offset + 16),
  ]);
});
