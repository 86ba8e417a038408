import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DF_1, DT, EM, ET, NT, PF, PT } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import type { Relocation } from '../../src/elf/records.ts';
import { buildElf, type ElfDescription } from '../support/elf/elf-builder.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

const rich: ElfDescription = {
  interpreter: '/lib/ld-musl-x86_64.so.1',
  needed: ['libc.musl-x86_64.so.1', 'libz.so.1'],
  soname: 'libexample.so.2',
  rpath: '/opt/old',
  runpath: '$ORIGIN/../lib:/opt/ünïcode',
  dynamic: [[DT.FLAGS_1, DF_1.NOW | DF_1.PIE]],
  symbols: [
    { name: 'puts', version: 'LIBC_2', library: 'libc.musl-x86_64.so.1' },
    { name: 'exported', defined: true, value: 0x40, size: 12, version: 'EXAMPLE_1', binding: 2 },
    { name: '__stack_chk_fail' },
  ],
  relocations: [
    { type: 6, symbol: 'puts', at: { word: 0 } },
    { type: 8, at: { word: 1 } },
    { type: 7, symbol: '__stack_chk_fail', at: { word: 2 }, plt: true },
  ],
  notes: [
    { owner: 'GNU', type: NT.GNU_BUILD_ID, description: Buffer.from('c0ffee', 'hex') },
    { owner: 'Go', type: NT.GO_BUILD_ID, description: Buffer.from('id') },
    { owner: 'GNU', type: NT.GNU_PROPERTY_TYPE_0, description: Buffer.alloc(16), alignment: 8 },
  ],
  segments: [{ type: PT.GNU_STACK, flags: PF.R | PF.W }],
  relroWords: 2,
};

/** Each claim is checked in all four layouts. */
const claims: readonly {
  readonly name: string;
  readonly input: ElfDescription;
  readonly read: (elf: Elf) => unknown;
  readonly want: unknown;
}[] = [
  {
    name: 'names of the dynamic section',
    input: rich,
    read: (elf) => [DT.NEEDED, DT.SONAME, DT.RPATH, DT.RUNPATH, DT.AUDIT].map(elf.dynamicStrings),
    want: [
      ['libc.musl-x86_64.so.1', 'libz.so.1'],
      ['libexample.so.2'],
      ['/opt/old'],
      ['$ORIGIN/../lib:/opt/ünïcode'],
      [],
    ],
  },
  {
    name: 'values of the dynamic section',
    input: rich,
    read: (elf) => [elf.dynamicValue(DT.FLAGS_1), elf.dynamicValue(DT.TEXTREL)],
    want: [BigInt(DF_1.NOW | DF_1.PIE), null],
  },
  {
    name: 'interpreter',
    input: rich,
    read: (elf) => elf.interpreter,
    want: '/lib/ld-musl-x86_64.so.1',
  },
  {
    name: 'segments',
    input: rich,
    read: (elf) => elf.segments.map(({ type, flags }) => [type, flags]),
    want: [
      [PT.INTERP, PF.R],
      [PT.LOAD, PF.R | PF.X],
      [PT.LOAD, PF.R | PF.W],
      [PT.DYNAMIC, PF.R | PF.W],
      [PT.NOTE, PF.R],
      [PT.NOTE, PF.R],
      [PT.GNU_RELRO, PF.R],
      [PT.GNU_STACK, PF.R | PF.W],
    ],
  },
  {
    name: 'symbols with their versions, imports that only relocations count included',
    input: rich,
    read: (elf) =>
      elf.dynamicSymbols.map(({ index, name, value, size, sectionIndex, binding, version }) => [
        index,
        name,
        value,
        size,
        sectionIndex,
        binding,
        version,
      ]),
    want: [
      [
        1,
        'puts',
        0n,
        0n,
        0,
        1,
        { name: 'LIBC_2', library: 'libc.musl-x86_64.so.1', isHidden: false },
      ],
      [2, '__stack_chk_fail', 0n, 0n, 0, 1, null],
      [3, 'exported', 0x40n, 12n, 1, 2, { name: 'EXAMPLE_1', library: null, isHidden: false }],
    ],
  },
  {
    name: 'type, visibility and whether there is a value, of each symbol',
    input: rich,
    read: (elf) =>
      elf.dynamicSymbols.map(({ type, visibility, hasValue }) => [type, visibility, hasValue]),
    want: [
      [2, 0, false],
      [2, 0, false],
      [2, 0, true],
    ],
  },
  {
    name: 'version needs and definitions',
    input: rich,
    read: (elf) => [elf.versionNeeds, elf.versionDefinitions],
    want: [
      [{ library: 'libc.musl-x86_64.so.1', versions: [{ name: 'LIBC_2', weak: false }] }],
      ['EXAMPLE_1'],
    ],
  },
  {
    name: 'relocations of DT_RELA or DT_REL, then of DT_JMPREL',
    input: rich,
    read: (elf) => relocationsOf(elf).map(({ type, symbol }) => [type, symbol]),
    want: [
      [6, 1],
      [8, 0],
      [7, 2],
    ],
  },
  {
    name: 'notes of both alignments',
    input: rich,
    read: (elf) =>
      elf.notes.map((note) => [note.owner, note.type, note.description.toString('hex')]),
    want: [
      ['GNU', NT.GNU_BUILD_ID, 'c0ffee'],
      ['Go', NT.GO_BUILD_ID, Buffer.from('id').toString('hex')],
      ['GNU', NT.GNU_PROPERTY_TYPE_0, '00'.repeat(16)],
    ],
  },
  {
    name: 'static symbols and comments',
    input: {
      staticSymbols: [{ name: 'main', defined: true }, { name: 'helper' }],
      comments: ['GCC: (Alpine 13.2.1)', 'Linker: LLD', 'GCC: (Alpine 13.2.1)'],
    },
    read: (elf) => [elf.staticSymbols.map(({ name }) => name), elf.comments],
    want: [
      ['main', 'helper'],
      ['GCC: (Alpine 13.2.1)', 'Linker: LLD'],
    ],
  },
  {
    name: 'an object file: relocations and notes by sections',
    input: {
      type: ET.REL,
      staticSymbols: [{ name: '__stack_chk_fail' }],
      relocations: [{ type: 4, symbol: '__stack_chk_fail', at: 8 }],
      notes: [{ owner: 'GNU', type: NT.GNU_BUILD_ID, description: Buffer.of(1, 2, 3, 4) }],
    },
    read: (elf) => [
      elf.dynamic,
      elf.dynamicSymbols,
      relocationsOf(elf),
      elf.notes.map(({ owner }) => owner),
      elf.interpreter,
    ],
    want: [null, [], [{ offset: 8n, type: 4, symbol: 1 }], ['GNU'], null],
  },
  {
    name: 'a static executable',
    input: { type: ET.EXEC, isDynamic: false },
    read: (elf) => [
      elf.dynamic,
      elf.dynamicSymbols,
      relocationsOf(elf),
      elf.dynamicStrings(DT.NEEDED),
    ],
    want: [null, [], [], []],
  },
];

for (const layout of layouts) {
  describe(`${layout.bits}-bit ${layout.byteOrder} endian`, () => {
    for (const { name, input, read, want } of claims) {
      test(name, () => {
        assert.deepEqual(read(buildElf({ ...layout, ...input }).elf), want);
      });
    }

    test('the header keeps what it says, unknown numbers too', () => {
      const { header } = buildElf({
        ...layout,
        machine: 0xbeef,
        type: 0xfe00,
        osAbi: 97,
        entry: 0x1234,
      }).elf;
      const { bits, byteOrder, machine, type, osAbi, entry } = header;
      assert.deepEqual(
        [bits, byteOrder, machine, type, osAbi, entry],
        [layout.bits, layout.byteOrder, 0xbeef, 0xfe00, 97, 0x1234n],
      );
    });

    test('addresses lead to file offsets where a PT_LOAD has bytes for all of them', () => {
      const built = buildElf({ ...layout, type: ET.EXEC });
      const { address, offset, size } = built.region('data');
      assert.equal(built.elf.fileOffset(address, size), offset);
      assert.equal(built.elf.fileOffset(address, size + 1), null);
      assert.equal(built.elf.fileOffset(address - 0x400000n, 1), null);
    });
  });
}

test('MIPS64 r_info is read in its own order', () => {
  for (const byteOrder of ['little', 'big'] as const) {
    const { elf } = buildElf({
      byteOrder,
      machine: EM.MIPS,
      symbols: [{ name: 'puts' }],
      relocations: [{ type: 127, symbol: 'puts', at: { word: 0 }, plt: true }],
    });
    assert.deepEqual(
      relocationsOf(elf).map(({ type, symbol }) => [type, symbol]),
      [[127, 1]],
    );
    assert.deepEqual(
      elf.dynamicSymbols.map(({ name }) => name),
      ['puts'],
    );
  }
});

type Plain = Pick<Relocation, 'offset' | 'type' | 'symbol'>;

function relocationsOf(elf: Elf): readonly Plain[] {
  const relocations: Plain[] = [];
  elf.visitRelocations(({ offset, type, symbol }) => relocations.push({ offset, type, symbol }));
  return relocations;
}
