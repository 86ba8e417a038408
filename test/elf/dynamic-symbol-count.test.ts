import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { DT, EM } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { buildElf, type ElfDescription } from '../support/elf/elf-builder.ts';
import type { BuiltElf } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';
import type { Region } from '../support/elf/elf-sections.ts';

const imported = { name: '__stack_chk_fail' };
const exported = { name: 'exported', defined: true };
const slot = { type: 7, symbol: '__stack_chk_fail', at: { word: 0 }, plt: true };

const cases: readonly {
  readonly name: string;
  readonly input: ElfDescription;
  readonly want: readonly string[];
}[] = [
  {
    name: 'DT_HASH counts symbols that no relocation names',
    input: { hash: 'sysv', symbols: [imported, exported] },
    want: ['__stack_chk_fail', 'exported'],
  },
  {
    name: 'DT_HASH has 64-bit words on s390x',
    input: { hash: 'sysv', machine: EM.S390, symbols: [imported, exported] },
    want: ['__stack_chk_fail', 'exported'],
  },
  {
    name: 'DT_HASH has 64-bit words on Alpha',
    input: { hash: 'sysv', machine: EM.ALPHA, symbols: [imported] },
    want: ['__stack_chk_fail'],
  },
  {
    name: 'DT_GNU_HASH counts up to the last export',
    input: { symbols: [imported, exported, { name: 'other', defined: true }] },
    want: ['__stack_chk_fail', 'exported', 'other'],
  },
  {
    name: 'relocations count the imports of a program that exports nothing',
    input: { hash: 'none', symbols: [imported], relocations: [slot] },
    want: ['__stack_chk_fail'],
  },
  {
    name: 'DT_MIPS_SYMTABNO counts on MIPS',
    input: {
      hash: 'none',
      machine: EM.MIPS,
      symbols: [imported, exported],
      dynamic: [[DT.MIPS_SYMTABNO, 3]],
    },
    want: ['__stack_chk_fail', 'exported'],
  },
];

for (const { name, input, want } of cases) {
  test(name, () => {
    for (const layout of layouts)
      assert.deepEqual(namesOf(buildElf({ ...layout, ...input }).elf), want);
  });
}

test('a table that nothing counts is not known, with sections and without', () => {
  const input: ElfDescription = { hash: 'none', symbols: [imported, exported] };
  for (const layout of layouts) {
    for (const extra of [
      {},
      { comments: ['GCC'] },
      { dynamic: [[DT.MIPS_SYMTABNO, 3]] as const },
    ]) {
      const { elf } = buildElf({ ...layout, ...input, ...extra });
      assert.throws(() => elf.dynamicSymbols, isNotKnown);
    }
  }
});

test('relocations without a symbol do not count symbols', () => {
  const { elf } = buildElf({
    hash: 'none',
    symbols: [imported],
    relocations: [{ type: 8, at: { word: 0 } }],
  });
  assert.throws(() => elf.dynamicSymbols, isNotKnown);
});

test('DT_GNU_HASH of a linker that gives up the imports (symoffset 1) does not hide them', () => {
  const built = buildElf({ symbols: [imported], relocations: [slot] });
  // GNU ld writes an empty table with symoffset 1 whatever the number of imports.
  built.buffer.writeUInt32LE(1, built.region('gnu hash').offset + 4);
  assert.deepEqual(namesOf(readElf(bytesOf(built.buffer))), ['__stack_chk_fail']);
});

test('section headers that are zeroed or cut off change nothing', () => {
  const built = buildElf({ symbols: [imported, exported], relocations: [slot], comments: ['GCC'] });
  const want = namesOf(built.elf);
  const { offset, size } = built.region('section headers');
  const zeroed = Buffer.from(built.buffer);
  zeroed.fill(0, offset, offset + size);
  assert.deepEqual(namesOf(readElf(bytesOf(zeroed))), want);
  assert.deepEqual(namesOf(readElf(bytesOf(built.buffer.subarray(0, offset)))), want);
});

function namesOf(elf: Elf): readonly string[] {
  return elf.dynamicSymbols.map(({ name }) => name);
}

function isNotKnown(error: unknown): boolean {
  return error instanceof MalformedElf && /not known/.test(error.message);
}

/** What loaders do not look at, or pass over, hides no import. */
const passedOver: readonly {
  readonly name: string;
  readonly input: ElfDescription;
  readonly damage: (built: BuiltElf) => void;
  readonly want: readonly string[];
  readonly exportsAreWhole?: false;
}[] = [
  {
    name: 'DT_HASH in words of the wrong size, as lld writes it on s390x, with DT_GNU_HASH',
    input: { hash: 'both', machine: EM.S390, symbols: [imported, exported] },
    damage: narrowHash,
    want: ['__stack_chk_fail', 'exported'],
  },
  {
    name: 'DT_HASH in words of the wrong size alone',
    input: { hash: 'sysv', machine: EM.S390, symbols: [imported, exported] },
    damage: narrowHash,
    want: ['__stack_chk_fail', 'exported'],
  },
  {
    name: 'garbage in DT_HASH, and DT_GNU_HASH',
    input: { hash: 'both', symbols: [imported, exported] },
    damage: ({ buffer, region }) => buffer.fill(0xff, region('hash').offset, endOf(region('hash'))),
    want: ['__stack_chk_fail', 'exported'],
  },
  {
    name: 'garbage in DT_HASH, and a DT_GNU_HASH that lists nothing',
    input: { hash: 'both', symbols: [imported], relocations: [slot] },
    damage: ({ buffer, region }) => buffer.fill(0xff, region('hash').offset, endOf(region('hash'))),
    want: ['__stack_chk_fail'],
  },
  {
    name: 'DT_HASH that counts too many by a few',
    input: { hash: 'both', symbols: [imported, exported] },
    damage: ({ buffer, region }) => buffer.writeUInt32LE(5, region('hash').offset + 4),
    want: ['__stack_chk_fail', 'exported'],
  },
  {
    name: 'garbage in DT_GNU_HASH where relocations name the imports',
    input: { symbols: [imported, exported], relocations: [slot] },
    damage: ({ buffer, region }) =>
      buffer.fill(0xff, region('gnu hash').offset, endOf(region('gnu hash'))),
    want: ['__stack_chk_fail', 'exported'],
    exportsAreWhole: false,
  },
  {
    name: 'symoffset of a DT_GNU_HASH that lists nothing',
    input: { symbols: [imported], relocations: [slot] },
    damage: ({ buffer, region }) => buffer.writeUInt32LE(0xffff, region('gnu hash').offset + 4),
    want: ['__stack_chk_fail'],
    exportsAreWhole: false,
  },
  {
    name: 'the symbol of a relocation that needs none',
    input: {
      hash: 'none',
      symbols: [imported],
      relocations: [slot, { type: 8, at: { word: 1 } }],
    },
    damage: ({ buffer, region }) => buffer.writeUInt32LE(3, region('relocations').offset + 12),
    want: ['__stack_chk_fail'],
  },
  {
    name: 'DT_SYMENT',
    input: { symbols: [imported, exported], dynamic: [[DT.SYMENT, 5]] },
    damage: () => {},
    want: ['__stack_chk_fail', 'exported'],
  },
  {
    name: 'an unreadable DT_RELA, and a table that counts all',
    input: {
      symbols: [imported, exported],
      dynamic: [
        [DT.RELA, 0x100000],
        [DT.RELASZ, 24],
      ],
    },
    damage: () => {},
    want: ['__stack_chk_fail', 'exported'],
  },
];

function narrowHash({ buffer, region }: BuiltElf): void {
  const { offset, size } = region('hash');
  for (let index = 0; index < size / 8; index++) {
    buffer.writeUInt32LE(Number(buffer.readBigUInt64LE(offset + 8 * index)), offset + 4 * index);
  }
  buffer.fill(0, offset + size / 2, offset + size);
}

function endOf({ offset, size }: Region): number {
  return offset + size;
}

for (const { name, input, damage, want, exportsAreWhole = true } of passedOver) {
  test(`${name} hides no symbol`, () => {
    const built = buildElf(input);
    damage(built);
    assert.deepEqual(namesOf(built.elf), want);
    assert.equal(built.elf.exportDamage === null, exportsAreWhole);
  });
}

const lostRelocations: ElfDescription = {
  hash: 'none',
  symbols: [imported],
  relocations: [slot],
  dynamic: [
    [DT.REL, 0x100000],
    [DT.RELSZ, 24],
  ],
};

test('imports are counted up to their names where relocations are lost', () => {
  assert.deepEqual(namesOf(buildElf(lostRelocations).elf), ['__stack_chk_fail']);
});

test('imports are not known where relocations are lost and their names lie elsewhere', () => {
  const { elf, buffer, region } = buildElf(lostRelocations);
  const { offset, size } = region('dynamic');
  for (let at = offset; at < offset + size; at += 16) {
    if (buffer.readUInt32LE(at) === DT.STRTAB) buffer.writeUInt32LE(0, at + 8);
  }
  assert.throws(() => elf.dynamicSymbols, /DT_REL/);
});
