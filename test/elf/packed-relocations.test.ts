import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LimitExceeded, MalformedElf } from '../../src/base/errors.ts';
import { DT } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { BuiltElf } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';
import { type PackedGroup, packedTable } from '../support/elf/packed-relocations.ts';
import { randomNumbers } from '../support/random.ts';

const sharesInfo = 1;
const sharesDistance = 2;
const sharesAddend = 4;
const hasAddend = 8;

type Shape = (typeof layouts)[number];

/** A file whose code is the table. */
function file(shape: Shape, table: Buffer): BuiltElf {
  const symbols = [{ name: 'puts' }, { name: 'gets' }];
  const input = { ...shape, symbols, hash: 'none', code: table } as const;
  const [tag, sizeTag] =
    shape.bits === 64 ? [DT.ANDROID_RELA, DT.ANDROID_RELASZ] : [DT.ANDROID_REL, DT.ANDROID_RELSZ];
  const { address } = buildElf(input).region('code');
  return buildElf({
    ...input,
    dynamic: [
      [tag, address],
      [sizeTag, table.length],
    ],
  });
}

function relocationsOf(elf: Elf): readonly (readonly [bigint, number, number])[] {
  const found: [bigint, number, number][] = [];
  elf.visitRelocations(({ offset, place, type, symbol }) => {
    assert.equal(place, Number(offset));
    found.push([offset, type, symbol]);
  });
  return found;
}

/** r_info. */
function info({ bits }: Shape, type: number, symbol: number): bigint {
  return (BigInt(symbol) << (bits === 64 ? 32n : 8n)) | BigInt(type);
}

const cases: readonly {
  readonly name: string;
  readonly start: number;
  readonly groups: (shape: Shape) => readonly PackedGroup[];
  readonly want: readonly (readonly [bigint, number, number])[];
}[] = [
  { name: 'none', start: 0, groups: () => [], want: [] },
  {
    name: 'each with its own distance and information',
    start: 0x1000,
    groups: (shape) => [
      { size: 2, flags: 0, numbers: [8, info(shape, 7, 1), 0x100, info(shape, 6, 2)] },
    ],
    want: [
      [0x1008n, 7, 1],
      [0x1108n, 6, 2],
    ],
  },
  {
    name: 'that share their information',
    start: 0x1000,
    groups: (shape) => [{ size: 3, flags: sharesInfo, numbers: [info(shape, 8, 0), 8, 8, 16] }],
    want: [
      [0x1008n, 8, 0],
      [0x1010n, 8, 0],
      [0x1020n, 8, 0],
    ],
  },
  {
    name: 'that share all but nothing of their own',
    start: 0x2000,
    groups: (shape) => [
      { size: 3, flags: sharesInfo | sharesDistance, numbers: [8, info(shape, 8, 0)] },
    ],
    want: [
      [0x2008n, 8, 0],
      [0x2010n, 8, 0],
      [0x2018n, 8, 0],
    ],
  },
  {
    name: 'with addends of their own and shared ones, back and forth',
    start: 0x3000,
    groups: (shape) => [
      {
        size: 2,
        flags: sharesInfo | hasAddend,
        numbers: [info(shape, 8, 0), 8, 0x500, 8, -0x100],
      },
      {
        size: 2,
        flags: sharesInfo | sharesDistance | hasAddend | sharesAddend,
        numbers: [-8, info(shape, 7, 2), 0x123456],
      },
      { size: 1, flags: sharesAddend, numbers: [-0x1008, info(shape, 6, 1)] },
    ],
    want: [
      [0x3008n, 8, 0],
      [0x3010n, 8, 0],
      [0x3008n, 7, 2],
      [0x3000n, 7, 2],
      [0x1ff8n, 6, 1],
    ],
  },
];

for (const shape of layouts) {
  describe(`packed relocations of a ${shape.bits}-bit ${shape.byteOrder}-endian file`, () => {
    for (const { name, start, groups, want } of cases) {
      it(name, () => {
        const { elf } = file(shape, packedTable(want.length, start, groups(shape)));
        assert.deepEqual(relocationsOf(elf), want);
      });
    }

    it('count the symbols', () => {
      const groups = [{ size: 1, flags: 0, numbers: [8, info(shape, 7, 2)] }];
      const { elf } = file(shape, packedTable(1, 0, groups));
      assert.deepEqual(
        elf.dynamicSymbols.map(({ name }) => name),
        ['puts', 'gets'],
      );
    });

    it('cut at each byte are damage', () => {
      const { groups, start, want } = cases[4] ?? assert.fail();
      const table = packedTable(want.length, start, groups(shape));
      for (let length = 1; length < table.length; length++) {
        const { elf } = file(shape, table.subarray(0, length));
        assert.throws(() => relocationsOf(elf), MalformedElf);
      }
    });

    it('with random changes end in errors of their own', () => {
      const { groups, start, want } = cases[4] ?? assert.fail();
      const built = file(shape, packedTable(want.length, start, groups(shape)));
      const { offset, size } = built.region('code');
      const random = randomNumbers(shape.bits);
      for (let run = 0; run < 500; run++) {
        const buffer = Buffer.from(built.buffer);
        for (let change = 0; change < 2; change++) {
          buffer[offset + 4 + random(size - 4)] = random(256);
        }
        const elf = readElf(bytesOf(buffer));
        for (const read of [() => relocationsOf(elf), () => elf.dynamicSymbols]) {
          try {
            read();
          } catch (error) {
            assert.ok(error instanceof MalformedElf || error instanceof LimitExceeded, `${error}`);
          }
        }
      }
    });
  });
}

const [shape] = layouts;
const hostile: readonly {
  readonly name: string;
  readonly table: Buffer;
  readonly error: typeof MalformedElf | typeof LimitExceeded;
  readonly message: RegExp;
}[] = [
  {
    name: 'a million million relocations in nineteen bytes',
    table: packedTable(10n ** 12n, 0, [{ size: 10 ** 12, flags: 3, numbers: [8, 8] }]),
    error: LimitExceeded,
    message: /decode to more than/,
  },
  {
    name: 'more than a number can hold',
    table: packedTable(2n ** 62n, 0, []),
    error: MalformedElf,
    message: /the number of packed relocations is 4611686018427387904/,
  },
  {
    name: 'fewer than none',
    table: packedTable(-1, 0, []),
    error: MalformedElf,
    message: /the number of packed relocations is -1/,
  },
  {
    name: 'a group of none',
    table: packedTable(1, 0, [{ size: 0, flags: 3, numbers: [] }]),
    error: MalformedElf,
    message: /a group of 0 packed relocations, of which 1 are left/,
  },
  {
    name: 'a group of more than there are',
    table: packedTable(1, 0, [{ size: 2, flags: 3, numbers: [8, 8] }]),
    error: MalformedElf,
    message: /a group of 2 packed relocations, of which 1 are left/,
  },
  {
    name: 'a group of fewer than none',
    table: packedTable(1, 0, [{ size: -5, flags: 3, numbers: [8, 8] }]),
    error: MalformedElf,
    message: /the size of a group of packed relocations is -5/,
  },
  {
    name: 'a number of eleven bytes',
    table: Buffer.concat([Buffer.from('APS2'), Buffer.alloc(11, 0x80), Buffer.alloc(8)]),
    error: MalformedElf,
    message: /has more than 10 bytes/,
  },
  {
    name: 'other letters',
    table: Buffer.from('APR1\x01\x00\x01\x00\x08\x08'),
    error: MalformedElf,
    message: /does not begin with APS2/,
  },
];

describe('packed relocations are refused:', () => {
  for (const { name, table, error, message } of hostile) {
    it(name, () => {
      const { elf } = file(shape ?? assert.fail(), table);
      assert.throws(
        () => relocationsOf(elf),
        (thrown: unknown) => thrown instanceof error && message.test(thrown.message),
      );
    });
  }
});
