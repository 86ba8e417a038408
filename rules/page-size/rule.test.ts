import { EM, ET } from '../../src/elf/constants.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { testRule } from '../../test/support/verdicts/rule-cases.ts';
import pageSize from './rule.ts';

testRule('page-size', pageSize, [
  {
    name: 'passes when offset and address agree by the largest pages',
    input: buildElf({ machine: EM.AARCH64 }),
    outcome: 'pass',
    says: /pages of 4 KiB, 16 KiB and 64 KiB/,
  },
  {
    name: 'fails with low weight where they agree by 4 KiB alone',
    input: buildElf({ machine: EM.AARCH64, base: 0x1000 }),
    outcome: 'fail',
    severity: 'low',
    says: /pages of 16 KiB and 64 KiB: a segment is aligned to smaller pages/,
  },
  {
    name: 'names only the sizes that do not fit',
    input: buildElf({ machine: EM.AARCH64, base: 0x4000 }),
    outcome: 'fail',
    says: /pages of 64 KiB:/,
  },
  {
    name: "a note of Android's alone does not keep a file from kernels of Linux",
    input: buildElf({
      machine: EM.PPC64,
      base: 0x4000,
      notes: [{ owner: 'Android', type: 1, description: Buffer.alloc(4) }],
    }),
    outcome: 'fail',
    says: /pages of 64 KiB:/,
  },
  {
    name: 'weighs more where most kernels of the machine have such pages',
    input: buildElf({ machine: EM.PPC64, base: 0x4000 }),
    outcome: 'fail',
    severity: 'medium',
    says: /pages of 64 KiB:/,
  },
  {
    name: 'does not apply to machines with one page size',
    input: buildElf({ base: 0x1000 }),
    outcome: 'not-applicable',
    says: /every kernel that runs x86-64 programs has pages of 4 KiB/,
  },
  {
    name: 'does not apply to 32-bit programs, which kernels with larger pages do not run',
    input: buildElf({ machine: EM.ARM, bits: 32, base: 0x1000 }),
    outcome: 'not-applicable',
    says: /arm programs/,
  },
  {
    name: 'does not apply to object files',
    input: buildElf({ machine: EM.AARCH64, type: ET.REL }),
    outcome: 'not-applicable',
    says: /object files/,
  },
]);
