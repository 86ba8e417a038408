import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF, DT } from '../../src/elf/constants.ts';
import textRelocations from '../../src/facts/text-relocations.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

const inHeaders = { type: 8, at: 0x10 };
const inData = { type: 8, at: { word: 1 } };

const cases: readonly {
  readonly name: string;
  readonly input: ElfDescription;
  readonly count: number;
  readonly announced?: number;
}[] = [
  {
    name: 'counts relocations in read-only segments',
    input: { relocations: [inHeaders, inHeaders, inData] },
    count: 2,
  },
  { name: 'does not count those in data', input: { relocations: [inData] }, count: 0 },
  {
    name: 'does not count those of type none',
    input: { relocations: [{ type: 0, at: 0x10 }] },
    count: 0,
  },
  {
    name: 'does not count those in writable code',
    input: { relocations: [inHeaders], loadFlags: [7, 6] },
    count: 0,
  },
  { name: 'sees DT_TEXTREL', input: { dynamic: [[DT.TEXTREL, 0]] }, count: 0, announced: 1 },
  { name: 'sees DF_TEXTREL', input: { dynamic: [[DT.FLAGS, DF.TEXTREL]] }, count: 0, announced: 1 },
  {
    name: 'sees both spellings',
    input: {
      relocations: [inHeaders],
      dynamic: [
        [DT.TEXTREL, 0],
        [DT.FLAGS, DF.TEXTREL],
      ],
    },
    count: 1,
    announced: 2,
  },
];

for (const layout of layouts) {
  describe(`text relocations of ${layout.bits}-bit ${layout.byteOrder}-endian files`, () => {
    for (const { name, input, count, announced = 0 } of cases) {
      it(name, () => {
        const fact = textRelocations(buildElf({ ...layout, ...input }).elf);
        assert.deepEqual([fact.count, fact.announced.length], [count, announced]);
        assert.equal(fact.first === null, count === 0);
      });
    }

    const outside = { ...layout, relocations: [{ type: 8, at: 0x7ffff000 }] };

    it('are not those for memory that is not mapped', () => {
      assert.equal(textRelocations(buildElf(outside).elf).count, 0);
    });

    it('are not known where they are announced, and relocations are for memory that is not mapped', () => {
      const { elf } = buildElf({ ...outside, dynamic: [[DT.TEXTREL, 0]] });
      assert.throws(() => textRelocations(elf), /0x7ffff000, where no segment is mapped/);
    });
  });
}
