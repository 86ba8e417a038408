import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF, DF_1, DT, EM, STT } from '../../src/elf/constants.ts';
import bindNow from '../../src/facts/bind-now.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

const slot = { type: 7, at: { word: 1 }, plt: true };

const cases: readonly {
  readonly name: string;
  readonly input: ElfDescription;
  readonly requests?: readonly string[];
  readonly lazy: number | null;
}[] = [
  { name: 'counts slots of DT_JMPREL', input: { relocations: [slot, slot] }, lazy: 2 },
  {
    name: 'takes slots outside DT_JMPREL for bound at start',
    input: { relocations: [{ ...slot, plt: false }] },
    lazy: 0,
  },
  {
    name: 'does not take IRELATIVE for lazy',
    input: { relocations: [{ ...slot, type: 37 }] },
    lazy: 0,
  },
  {
    name: 'sees DT_BIND_NOW',
    input: { dynamic: [[DT.BIND_NOW, 0]], relocations: [slot] },
    requests: ['DT_BIND_NOW'],
    lazy: 1,
  },
  {
    name: 'sees DF_BIND_NOW',
    input: { dynamic: [[DT.FLAGS, DF.BIND_NOW | DF.ORIGIN]] },
    requests: ['0x9 (DF_BIND_NOW)'],
    lazy: 0,
  },
  {
    name: 'sees DF_1_NOW',
    input: { dynamic: [[DT.FLAGS_1, DF_1.NOW | DF_1.PIE]] },
    requests: ['0x8000001 (DF_1_NOW)'],
    lazy: 0,
  },
  {
    name: 'reads the last DT_FLAGS, as loaders do',
    input: {
      dynamic: [
        [DT.FLAGS, DF.BIND_NOW],
        [DT.FLAGS, 0],
      ],
    },
    lazy: 0,
  },
  {
    name: 'does not take other flags for it',
    input: {
      dynamic: [
        [DT.FLAGS, DF.TEXTREL],
        [DT.FLAGS_1, DF_1.NODELETE],
      ],
    },
    lazy: 0,
  },
  {
    name: 'counts the stubs of MIPS',
    input: {
      machine: EM.MIPS,
      symbols: [
        { name: 'puts', value: 0x400 },
        { name: 'environ', type: STT.OBJECT, value: 0x500 },
        { name: 'exit' },
      ],
    },
    lazy: 1,
  },
  {
    name: 'does not guess on unknown machines',
    input: { machine: 0x7777, relocations: [slot] },
    lazy: null,
  },
];

for (const layout of layouts) {
  describe(`binding of ${layout.bits}-bit ${layout.byteOrder}-endian files`, () => {
    for (const { name, input, requests = [], lazy } of cases) {
      it(name, () => {
        const fact = bindNow(buildElf({ ...layout, ...input }).elf);
        assert.deepEqual([fact.requests.map(({ saw }) => saw), fact.lazySlots], [requests, lazy]);
      });
    }
  });
}

it('says where in the file the flag is', () => {
  const built = buildElf({ needed: ['libc.so.6'], dynamic: [[DT.FLAGS_1, DF_1.NOW]] });
  const index = built.elf.dynamic?.findIndex(({ tag }) => tag === DT.FLAGS_1) ?? -1;
  const [request] = bindNow(built.elf).requests;
  assert.equal(request?.offset, BigInt(built.region('dynamic').offset + index * 16));
});
