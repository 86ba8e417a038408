import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { DT, EM } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import type { Relocation } from '../../src/elf/records.ts';
import { buildElf, type ElfDescription } from '../support/elf/elf-builder.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

test('DT_RELR: addresses and bitmaps become RELATIVE relocations', () => {
  for (const layout of layouts) {
    const size = layout.bits / 8;
    const top = 1n << BigInt(layout.bits - 1);
    // One address, then bits for the words 1, 3 and the last of the bitmap, then a bitmap of its own, then an address.
    const relr = [0x1000, 0b1011n | top, 0b11, 0x8000];
    const { elf } = buildElf({ ...layout, relr });
    const words = [0, 1, 3, layout.bits - 1, layout.bits];
    assert.deepEqual(
      relocationsOf(elf),
      [...words.map((word) => 0x1000 + word * size), 0x8000].map((offset) => ({
        offset: BigInt(offset),
        type: 8,
        symbol: 0,
      })),
    );
  }
});

test('DT_RELR takes the RELATIVE type of the machine', () => {
  for (const [machine, type] of [
    [EM.X86_64, 8],
    [EM.AARCH64, 1027],
    [EM.RISCV, 3],
    [EM.LOONGARCH, 3],
    [EM.S390, 12],
    [EM.PPC64, 22],
  ] as const) {
    assert.deepEqual(
      relocationsOf(buildElf({ machine, relr: [0x1000] }).elf).map((relocation) => relocation.type),
      [type],
    );
  }
});

test('bytes that DT_JMPREL shares with DT_RELA or DT_REL are visited once', () => {
  const relocations = Array.from({ length: 3 }, (_, word) => ({ type: 8, at: { word } }));
  for (const layout of layouts) {
    const table = buildElf({ ...layout, relocations }).region('relocations');
    const entry = table.size / 3;
    for (const { first, count, want } of [
      { first: 0, count: 3, want: 3 },
      { first: 2, count: 1, want: 3 },
      { first: 2, count: 2, want: 4 },
      { first: 3, count: 1, want: 4 },
    ]) {
      const built = buildElf({
        ...layout,
        relocations,
        dynamic: [
          [DT.JMPREL, table.address + BigInt(first * entry)],
          [DT.PLTRELSZ, count * entry],
          [DT.PLTREL, layout.bits === 64 ? DT.RELA : DT.REL],
        ],
      });
      // Behind the table are zeros, and a table of zeros alone is refused.
      built.buffer[table.offset + table.size] = 1;
      assert.equal(relocationsOf(built.elf).length, want, `entries ${first} to ${first + count}`);
    }
  }
});

const damaged: readonly {
  readonly name: string;
  readonly input: ElfDescription;
  readonly message: RegExp;
}[] = [
  {
    name: 'DT_RELR that begins with a bitmap',
    input: { relr: [3] },
    message: /begins with a bitmap/,
  },
  {
    name: 'DT_RELR on a machine whose types are not known',
    input: { relr: [0x1000], machine: 0xbeef },
    message: /machine 48879/,
  },
  {
    name: 'DT_PLTREL that names no kind of table',
    input: {
      dynamic: [
        [DT.JMPREL, 0],
        [DT.PLTRELSZ, 24],
        [DT.PLTREL, 5],
      ],
    },
    message: /DT_PLTREL is 5/,
  },
  {
    name: 'DT_RELA outside the file',
    input: {
      dynamic: [
        [DT.RELA, 0x100000],
        [DT.RELASZ, 24],
      ],
    },
    message: /not in the file bytes/,
  },
  {
    name: 'DT_RELA without a size',
    input: { dynamic: [[DT.RELA, 0x100]] },
    message: /no size/,
  },
  {
    name: 'half an entry',
    input: {
      dynamic: [
        [DT.RELA, 0x100],
        [DT.RELASZ, 25],
      ],
    },
    message: /25 bytes, expected a multiple of 24/,
  },
  {
    name: 'entries of an unknown size',
    input: {
      dynamic: [
        [DT.RELA, 0x100],
        [DT.RELASZ, 48],
        [DT.RELAENT, 48],
      ],
    },
    message: /entry size of DT_RELA is 48, expected 24/,
  },
  {
    name: 'packed Android relocations without a size',
    input: { dynamic: [[DT.ANDROID_RELA, 0x100]] },
    message: /DT_ANDROID_RELA has no size/,
  },
  {
    name: 'packed Android relocations without their letters',
    input: {
      dynamic: [
        [DT.ANDROID_RELA, 0x100],
        [DT.ANDROID_RELASZ, 8],
      ],
    },
    message: /DT_ANDROID_RELA does not begin with APS2/,
  },
];

for (const { name, input, message } of damaged) {
  test(`${name} is an error`, () => {
    assert.throws(
      () => relocationsOf(buildElf(input).elf),
      (error: unknown) => error instanceof MalformedElf && message.test(error.message),
    );
  });
}

type Plain = Pick<Relocation, 'offset' | 'type' | 'symbol'>;

function relocationsOf(elf: Elf): readonly Plain[] {
  const relocations: Plain[] = [];
  elf.visitRelocations(({ offset, place, type, symbol }) => {
    assert.equal(place, Number(offset));
    relocations.push({ offset, type, symbol });
  });
  return relocations;
}
