import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF, DF_1, DT } from '../../src/elf/constants.ts';
import dynamicTags from '../../src/facts/dynamic-tags.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

/** The string table begins with a NUL and then the first name: the needed library. */
const firstName = 1;
const needed = ['libwatch.so.1'];

const cases: readonly {
  readonly name: string;
  readonly input: ElfDescription;
  readonly want: Partial<ReturnType<typeof dynamicTags>>;
  readonly loads?: readonly string[];
}[] = [
  {
    name: 'finds nothing in a plain library',
    input: {},
    want: { refusesDlopen: false, preinit: false, symbolic: false },
  },
  {
    name: 'finds DT_AUDIT',
    input: { needed, dynamic: [[DT.AUDIT, firstName]] },
    want: {},
    loads: ['DT_AUDIT libwatch.so.1'],
  },
  {
    name: 'finds DT_DEPAUDIT',
    input: { needed, dynamic: [[DT.DEPAUDIT, firstName]] },
    want: {},
    loads: ['DT_DEPAUDIT libwatch.so.1'],
  },
  {
    name: 'finds DT_FILTER',
    input: { needed, dynamic: [[DT.FILTER, firstName]] },
    want: {},
    loads: ['DT_FILTER libwatch.so.1'],
  },
  {
    name: 'finds DT_AUXILIARY',
    input: { needed, dynamic: [[DT.AUXILIARY, firstName]] },
    want: {},
    loads: ['DT_AUXILIARY libwatch.so.1'],
  },
  {
    name: 'finds -z nodlopen',
    input: { dynamic: [[DT.FLAGS_1, DF_1.NOOPEN]] },
    want: { refusesDlopen: true },
  },
  {
    name: 'finds DT_PREINIT_ARRAY',
    input: { dynamic: [[DT.PREINIT_ARRAY, 0x1000]] },
    want: { preinit: true },
  },
  {
    name: 'finds DF_SYMBOLIC',
    input: { dynamic: [[DT.FLAGS, DF.SYMBOLIC]] },
    want: { symbolic: true },
  },
  { name: 'finds DT_SYMBOLIC', input: { dynamic: [[DT.SYMBOLIC, 0]] }, want: { symbolic: true } },
];

for (const layout of layouts) {
  describe(`dynamic tags of ${layout.bits}-bit ${layout.byteOrder}-endian files`, () => {
    for (const { name, input, want, loads = [] } of cases) {
      it(name, () => {
        const { loads: found, ...flags } = dynamicTags(buildElf({ ...layout, ...input }).elf);
        assert.deepEqual(flags, { ...flags, ...want });
        assert.deepEqual(
          found.map((load) => `${load.tag} ${load.name}`),
          loads,
        );
      });
    }
  });
}
