import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { branchTargets } from '../../src/code/branch-targets.ts';
import { DT, EM } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import type { ElfDescription } from '../../test/support/elf/elf-description.ts';

/** `endbr64` and `ret`, then `ret` alone. */
const code = Buffer.from('f30f1efac3000000c3', 'hex');
const withPad = 0;
const without = 8;

/** What a library's array of constructors leads to, whose one word the table names or the file holds. */
function startsOf(target: number, by: 'DT_RELR' | 'the file alone') {
  const arrayAt = (data: bigint): ElfDescription => ({
    machine: EM.X86_64,
    code,
    dynamic: [
      [DT.INIT_ARRAY, data],
      [DT.INIT_ARRAYSZ, 8],
    ],
    ...(by === 'DT_RELR' ? { relr: [data] } : {}),
  });
  const { address } = buildElf(arrayAt(0n)).region('data');
  const { buffer, region } = buildElf(arrayAt(address));
  assert.equal(region('data').address, address);
  buffer.writeBigUInt64LE(region('code').address + BigInt(target), region('data').offset);
  const found = branchTargets(readElf(bytesOf(buffer)), false);
  return found?.start.map(({ name }) => name);
}

describe('functions that DT_INIT_ARRAY leads to', () => {
  for (const by of ['DT_RELR', 'the file alone'] as const) {
    it(`are gone to at start and need a landing pad, by ${by}`, () => {
      assert.deepEqual(startsOf(without, by), ['DT_INIT_ARRAY']);
      assert.deepEqual(startsOf(withPad, by), []);
    });
  }
});
