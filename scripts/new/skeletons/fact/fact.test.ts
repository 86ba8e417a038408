import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PF, PT } from '../../../../src/elf/constants.ts';
import { buildElf } from '../../../../test/support/elf/elf-builder.ts';
import type { ElfDescription } from '../../../../test/support/elf/elf-description.ts';
import skeletonName from './fact.ts';

const cases: readonly { name: string; input: ElfDescription; segments: number }[] = [
  { name: 'counts the segments of a plain file', input: {}, segments: 2 },
  {
    name: 'counts one more',
    input: { segments: [{ type: PT.LOAD, flags: PF.R }] },
    segments: 3,
  },
];

describe('skeleton-name', () => {
  for (const { name, input, segments } of cases) {
    it(name, () => assert.equal(skeletonName(buildElf(input).elf).segments, segments));
  }
});
