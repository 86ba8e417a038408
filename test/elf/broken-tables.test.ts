import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { DT } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { buildElf, type ElfDescription } from '../support/elf/elf-builder.ts';
import type { BuiltElf } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

const program: ElfDescription = {
  interpreter: '/lib/ld.so',
  needed: ['libc.so.6'],
  symbols: [
    { name: 'puts', version: 'V1', library: 'libc.so.6' },
    { name: 'own', defined: true },
  ],
  relocations: [
    { type: 6, symbol: 'puts', at: { word: 0 } },
    { type: 7, symbol: 'puts', at: { word: 1 }, plt: true },
  ],
};

function filled(region: string): (built: BuiltElf) => void {
  return ({ buffer, region: place }) => {
    const { offset, size } = place(region);
    buffer.fill(0xff, offset, offset + size);
  };
}

const names = (elf: Elf) => elf.dynamicSymbols.map(({ name }) => name);
const versions = (elf: Elf) => elf.dynamicSymbols.map(({ version }) => version);
const relocations = (elf: Elf) => {
  let count = 0;
  elf.visitRelocations(() => {
    count += 1;
  });
  return count;
};
const slots = (elf: Elf) => {
  let count = 0;
  elf.visitSlots(() => {
    count += 1;
  });
  return count;
};

const cases: readonly {
  readonly name: string;
  readonly input?: ElfDescription;
  readonly damage: (built: BuiltElf) => void;
  readonly lost: readonly ((elf: Elf) => unknown)[];
  readonly kept: readonly (readonly [read: (elf: Elf) => unknown, want: unknown])[];
}[] = [
  {
    name: 'DT_VERNEED',
    damage: filled('version needs'),
    lost: [(elf) => elf.versionNeeds, versions],
    kept: [
      [names, ['puts', 'own']],
      [relocations, 2],
      [(elf) => elf.versionDefinitions, []],
    ],
  },
  {
    name: 'DT_VERSYM',
    damage: filled('versym'),
    lost: [versions],
    kept: [
      [names, ['puts', 'own']],
      [(elf) => elf.versionNeeds.length, 1],
    ],
  },
  {
    name: 'DT_RELA',
    input: {
      dynamic: [
        [DT.ANDROID_RELA, 0x100000],
        [DT.ANDROID_RELASZ, 24],
      ],
    },
    damage: () => {},
    lost: [relocations],
    kept: [
      [names, ['puts', 'own']],
      [slots, 1],
    ],
  },
  {
    name: 'a name of DT_NEEDED',
    input: { dynamic: [[DT.NEEDED, 0xffffff]] },
    damage: () => {},
    lost: [(elf) => elf.dynamicStrings(DT.NEEDED)],
    kept: [
      [names, ['puts', 'own']],
      [(elf) => elf.versionNeeds.length, 1],
      [(elf) => elf.dynamicStrings(DT.SONAME), []],
    ],
  },
];

describe('damage costs its own table:', () => {
  for (const { name, input, damage, lost, kept } of cases) {
    it(name, () => {
      for (const layout of layouts) {
        const built = buildElf({ ...layout, ...program, ...input });
        damage(built);
        const { elf } = built;
        for (const read of lost) assert.throws(() => read(elf), MalformedElf);
        for (const [read, want] of kept) assert.deepEqual(read(elf), want);
      }
    });
  }
});

/** The value of a dynamic entry, wherever it stands. */
function setTag({ buffer, region }: BuiltElf, bits: 32 | 64, tag: number, value: number): void {
  const { offset, size } = region('dynamic');
  const word = bits / 8;
  for (let at = offset; at < offset + size; at += 2 * word) {
    if (buffer.readUInt32LE(at) === tag) buffer.writeUInt32LE(value, at + word);
  }
}

describe('names are read as a loader reads them, which never asks DT_STRSZ', () => {
  for (const layout of layouts.filter(({ byteOrder }) => byteOrder === 'little')) {
    for (const size of [0, 1, 5, 0x10000, 0x7fffffff]) {
      it(`though it says ${size} in ${layout.bits} bits`, () => {
        const built = buildElf({ ...layout, ...program });
        setTag(built, layout.bits, DT.STRSZ, size);
        assert.deepEqual(names(built.elf), ['puts', 'own']);
        assert.deepEqual(built.elf.dynamicStrings(DT.NEEDED), ['libc.so.6']);
      });
    }
  }
});
