import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF_1, DT, EM, STT } from '../../src/elf/constants.ts';
import { isUnprotectable } from '../../src/facts/link-tables/relro-range.ts';
import relro, { type RelroState } from '../../src/facts/relro.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';
import { buildRelroElf, buildRelroElfEnding } from '../support/elf/relro-elf.ts';

const jumpSlot = 7;
const irelative = 37;
const globDat = 6;

function slot(word: number, type = jumpSlot, plt = true) {
  return { type, at: { word }, plt };
}

function of(symbol: string, word: number) {
  return { type: globDat, at: { word }, symbol };
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
    name: 'counts GLOB_DAT of functions that other files define',
    input: {
      relroWords: 1,
      symbols: [{ name: 'puts' }, { name: 'hook', type: STT.NOTYPE }],
      relocations: [of('puts', 0), of('puts', 4), of('hook', 5)],
    },
    want: 'partial',
    covered: 1,
    open: 2,
  },
  {
    name: 'counts GLOB_DAT of functions of the file itself',
    input: {
      relroWords: 1,
      symbols: [{ name: 'own', defined: true }],
      relocations: [of('own', 4)],
    },
    want: 'partial',
    open: 1,
  },
  {
    name: 'does not count GLOB_DAT of data',
    input: {
      relroWords: 1,
      symbols: [
        { name: 'environ', type: STT.OBJECT },
        { name: 'table', type: STT.NOTYPE, defined: true },
      ],
      relocations: [of('environ', 4), of('table', 5)],
    },
    want: 'full',
  },
  {
    name: 'does not count GLOB_DAT without a symbol',
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

describe('RELRO with larger pages', () => {
  const slots = [slot(0, 1026), slot(3, 1026)];
  const input = { machine: EM.AARCH64, relroWords: 4, relocations: slots };
  const sizes = (behind: number, more: Partial<ElfDescription> = {}) =>
    relro(buildRelroElfEnding(behind, { ...input, ...more }).elf).largerPages.map(
      ({ size, open, writes }) => [size, open, writes],
    );

  it('loses what lies behind the last boundary of such a page', () => {
    assert.deepEqual(sizes(0x5000), [
      [16384, 2, 2],
      [65536, 2, 2],
    ]);
  });

  it('names only the sizes that lose something', () => {
    assert.deepEqual(sizes(0x4000), [[65536, 2, 2]]);
    assert.deepEqual(sizes(0), []);
  });

  it('counts other addresses too', () => {
    const pointer = { type: 1027, at: { word: 1 } };
    assert.deepEqual(sizes(0x4000, { relocations: [pointer] }), [[65536, 0, 1]]);
  });

  it('loses the dynamic section where that is all there is', () => {
    const { elf } = buildRelroElfEnding(0x4000, { ...input, relocations: [] });
    const [loss] = relro(elf).largerPages;
    assert.deepEqual([loss?.size, loss?.writes, loss?.leftOut], [65536, 0, 'DYNAMIC']);
  });

  it('has the sizes of each machine', () => {
    const of16 = (machine: number, type: number) =>
      sizes(0x5000, { machine, relocations: [slot(0, type)] });
    assert.deepEqual(of16(EM.PPC64, 21), [[65536, 1, 1]]);
    assert.deepEqual(of16(EM.LOONGARCH, 5), [
      [16384, 1, 1],
      [65536, 1, 1],
    ]);
    assert.deepEqual(of16(EM.X86_64, 7), []);
    assert.deepEqual(of16(EM.RISCV, 5), []);
    assert.deepEqual(sizes(0x5000, { machine: EM.ARM, bits: 32, relocations: [slot(0, 22)] }), []);
  });

  it('says nothing of pages with which the file does not start', () => {
    assert.deepEqual(sizes(0x5000, { base: 0x4000 }), [[16384, 2, 2]]);
  });

  it('is partial already where the smallest pages leave something out', () => {
    const fact = relro(buildRelroElfEnding(0x5000, { ...input, relocations: [slot(6, 1026)] }).elf);
    assert.deepEqual([fact.state, fact.largerPages], ['partial', []]);
  });
});

describe('what RELRO has to cover next to what the loader writes', () => {
  const tables = (tag: number, size: number, word: number) => {
    const build = (value: bigint) =>
      buildRelroElf({
        relroWords: 2,
        dynamic: [
          [tag, value],
          [size, 16],
        ],
      });
    const { address } = build(0n).region('data');
    return relro(build(address + BigInt(word * 8)).elf);
  };

  it('is partial where functions that run at exit are outside', () => {
    const fact = tables(DT.FINI_ARRAY, DT.FINI_ARRAYSZ, 1);
    assert.deepEqual([fact.state, fact.leftOut], ['partial', 'FINI_ARRAY']);
  });

  it('is full where they are inside', () => {
    const fact = tables(DT.INIT_ARRAY, DT.INIT_ARRAYSZ, 0);
    assert.deepEqual([fact.state, fact.leftOut], ['full', null]);
  });
});

describe('RELRO that loaders cannot apply', () => {
  const program = (words: number, interpreter?: string) =>
    buildElf({
      relroWords: words,
      dataWords: 8,
      ...(interpreter === undefined ? {} : { interpreter }),
    }).elf;

  it('reaches over pages that nothing maps', () => {
    assert.equal(isUnprotectable(program(0x2000, '/lib/ld.so')), true);
  });

  it('is none where the range ends in the last page of a segment', () => {
    assert.equal(isUnprotectable(program(4, '/lib/ld.so')), false);
  });

  it('is none in libraries, which are mapped in one piece', () => {
    assert.equal(isUnprotectable(program(0x2000)), false);
  });
});
